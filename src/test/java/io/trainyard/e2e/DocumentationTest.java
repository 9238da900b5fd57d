package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.LogFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What README.md and docs say that there is: files, chapters, properties, paths. */
class DocumentationTest {
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern SHELL = Pattern.compile("(?ms)^```sh$(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  /** Not a class, a file or an argument of the tests. */
  private static final Pattern PROPERTY =
      Pattern.compile("(?:`|--|\\s)(trainyard(?:\\.[a-z0-9-]+)+)(?!\\.?[\\w(/])");

  /** Files, and fields of the log. */
  private static final Set<String> NO_PROPERTIES =
      Set.of("trainyard.jar", "trainyard.dump", LogFields.JOB);

  /** As {@code .username}, which takes the place of the last part of the name before it. */
  private static final Pattern SIBLING = Pattern.compile("`(\\.[a-z-]+)`");

  private static final Pattern USED = Pattern.compile("\\$\\{(trainyard\\.[a-z0-9.-]+)");
  private static final Pattern CALLED =
      Pattern.compile(
          "(\\$url|\\$job|http://(?:127\\.0\\.0\\.1|localhost):8080)(/[^\\s\"'?#|)]*)?");

  /** By path, with what is in fences taken out. */
  private static Map<Path, String> pages() {
    Map<Path, String> pages = new LinkedHashMap<>();
    texts().forEach((path, text) -> pages.put(path, FENCED.matcher(text).replaceAll("")));
    return pages;
  }

  private static Map<Path, String> texts() {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      Map<Path, String> texts = new LinkedHashMap<>();
      for (Path path :
          Stream.concat(
                  Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")),
                  docs.filter(f -> f.toString().endsWith(".md")).sorted())
              .toList()) {
        texts.put(path, Files.readString(path));
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    int links = 0;
    for (Map.Entry<Path, String> page : pages().entrySet()) {
      for (MatchResult link : LINK.matcher(page.getValue()).results().toList()) {
        if (!link.group(1).matches("[a-z]+:.*")) {
          links++;
          String[] parts = link.group(1).split("#", 2);
          Path target =
              parts[0].isEmpty()
                  ? page.getKey()
                  : Path.of(".").resolve(page.getKey()).resolveSibling(parts[0]).normalize();
          if (!Files.exists(target)
              || (parts.length == 2 && !chapters(Files.readString(target)).contains(parts[1]))) {
            dead.add(page.getKey() + ": " + link.group(1));
          }
        }
      }
    }

    assertThat(dead).isEmpty();
    assertThat(links).isGreaterThan(10);
  }

  /** The anchors that GitHub gives to headings. */
  private static Set<String> chapters(String markdown) {
    Set<String> anchors = new TreeSet<>();
    Matcher heading = HEADING.matcher(FENCED.matcher(markdown).replaceAll(""));
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }

  @Test
  void everyPropertyIsThereAndIsWrittenDown() throws IOException {
    Set<String> named = new TreeSet<>();
    StringBuilder all = new StringBuilder();
    for (String page : texts().values()) {
      all.append(page);
      page.lines().forEach(line -> named.addAll(properties(line)));
    }
    named.removeAll(NO_PROPERTIES);
    Set<String> known = known();
    Set<String> groups = new TreeSet<>();
    known.forEach(name -> groups.add(name.substring(0, name.lastIndexOf('.'))));

    assertThat(named)
        .as("named in the documentation")
        .allMatch(name -> known.contains(name) || groups.contains(name));
    Set<String> missing = new TreeSet<>(known);
    missing.removeAll(named);
    // They stand in tables without it, which PropertiesTableTest and LimitsTableTest look at.
    missing.removeIf(name -> name.startsWith("trainyard.kubernetes."));
    missing.removeIf(name -> name.startsWith("trainyard.limits."));
    missing.removeIf(name -> !name.startsWith("trainyard."));
    missing.removeIf(name -> all.indexOf(variable(name)) >= 0);
    assertThat(missing).as("in no documentation").isEmpty();
  }

  private static Set<String> properties(String line) {
    Set<String> names = new TreeSet<>();
    Matcher property = PROPERTY.matcher(" " + line);
    while (property.find()) {
      names.add(property.group(1));
    }
    if (names.size() == 1) {
      String first = names.iterator().next();
      Matcher sibling = SIBLING.matcher(line);
      while (sibling.find()) {
        names.add(first.substring(0, first.lastIndexOf('.')) + sibling.group(1));
      }
    }
    return names;
  }

  private static String variable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** Those with a default, those of records, and those that are asked for by name. */
  private static Set<String> known() throws IOException {
    Set<String> names = new TreeSet<>();
    Map<String, Object> defaults =
        new Yaml().load(Files.readString(Path.of("src/main/resources/application.yaml")));
    collect("trainyard", Objects.requireNonNull(defaults.get("trainyard")), names);
    try (InputStream in =
        DocumentationTest.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      JsonNode metadata =
          JsonMapper.shared().readTree(Objects.requireNonNull(in, "no metadata was generated"));
      for (JsonNode property : metadata.get("properties")) {
        names.add(property.get("name").stringValue());
      }
    }
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
        USED.matcher(Files.readString(source)).results().forEach(m -> names.add(m.group(1)));
      }
    }
    return names;
  }

  private static void collect(String name, Object value, Set<String> names) {
    if (value instanceof Map<?, ?> members) {
      members.forEach((key, member) -> collect(name + "." + key, orEmpty(member), names));
    } else {
      names.add(name);
    }
  }

  private static Object orEmpty(@Nullable Object value) {
    return value == null ? "" : value;
  }

  @Test
  void everyCallIsOfThePathOfAnOperation() {
    List<String[]> paths =
        Contract.INSTANCE.operations().stream()
            .map(operation -> operation.split(" ", 2)[1].split("/", -1))
            .toList();
    List<String> unknown = new ArrayList<>();
    int calls = 0;
    for (Map.Entry<Path, String> page : texts().entrySet()) {
      for (MatchResult block : SHELL.matcher(page.getValue()).results().toList()) {
        for (MatchResult call : CALLED.matcher(block.group(1)).results().toList()) {
          String path = Objects.requireNonNullElse(call.group(2), "");
          path = call.group(1).equals("$job") ? "/v1/jobs/$job" + path : path;
          if (path.startsWith("/v1/") || path.startsWith("/v2/")) {
            calls++;
            String[] called = path.split("/", -1);
            if (paths.stream().noneMatch(operation -> matches(operation, called))) {
              unknown.add(page.getKey() + ": " + path);
            }
          }
        }
      }
    }

    assertThat(unknown).isEmpty();
    assertThat(calls).isGreaterThan(10);
  }

  private static boolean matches(String[] operation, String[] called) {
    if (operation.length != called.length) {
      return false;
    }
    for (int i = 0; i < called.length; i++) {
      if (!operation[i].equals(called[i]) && !operation[i].startsWith("{")) {
        return false;
      }
    }
    return true;
  }
}
