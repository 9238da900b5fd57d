package io.trainyard.cluster;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;

/** The chart with some values as its own, as Helm lints and renders it. */
public final class TestChart {
  public static final String RELEASE = "demo";
  public static final String NAMESPACE = "training";

  private static final Path SOURCE = Path.of("helm", "trainyard");

  private final Path directory;

  private TestChart(Path directory) {
    this.directory = directory;
  }

  /** The values files that the chart comes with for its tests. */
  public static List<Path> ciValues() {
    try (Stream<Path> files = Files.list(SOURCE.resolve("ci"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A copy of the chart in {@code work}, with {@code values} laid over its own. Values that say
   * nothing of access leave the service open, as the tests of other things need no keys.
   */
  public static TestChart with(Path work, String values) {
    try {
      Path copy = Files.createTempDirectory(work, "chart").resolve("trainyard");
      FileSystemUtils.copyRecursively(SOURCE, copy);
      // Helm by itself takes the cluster for an old one.
      Path chart = copy.resolve("Chart.yaml");
      Files.writeString(chart, Files.readString(chart).replaceAll("(?m)^kubeVersion:.*", ""));
      Path file = copy.resolve("values.yaml");
      Map<String, Object> all = read(Files.readString(file));
      Map<String, Object> given = read(values);
      merge(all, Map.of("access", Map.of("anonymous", !given.containsKey("access"))));
      merge(all, given);
      Files.writeString(file, new Yaml().dump(all));
      return new TestChart(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a file to the copy unless it is there already. */
  public TestChart withFile(String name, String content) {
    try {
      Path file = directory.resolve(name);
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public LintResult lint() {
    return new Helm(directory).lint().strict().call();
  }

  /** The manifests, in Helm's order. */
  public List<Map<String, Object>> manifests() {
    String text = new Helm(directory).template().withName(RELEASE).withNamespace(NAMESPACE).call();
    List<Map<String, Object>> manifests = new ArrayList<>();
    for (Object document : new Yaml().loadAll(text)) {
      if (document != null) {
        manifests.add(map(document));
      }
    }
    return manifests;
  }

  /** The one manifest of a kind. */
  public Map<String, Object> manifest(String kind) {
    return manifests().stream()
        .filter(m -> kind.equals(m.get("kind")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + kind));
  }

  private static Map<String, Object> read(String yaml) {
    Object read = new Yaml().load(yaml);
    return read == null ? new LinkedHashMap<>() : map(read);
  }

  private static void merge(Map<String, Object> into, Map<String, Object> from) {
    from.forEach(
        (key, value) -> {
          if (value instanceof Map && into.get(key) instanceof Map) {
            merge(map(into.get(key)), map(value));
          } else {
            into.put(key, value);
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object yaml) {
    return (Map<String, Object>) yaml;
  }
}
