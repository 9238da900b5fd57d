package io.trainyard.runs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties of the launcher, in its documentation and for editors. */
class PropertiesTableTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z.-]+)` \\| (?:`([^`]*)`)? ?\\| .{4,} \\|");

  /** Name and default, from the record that is bound. */
  private static Map<String, String> bound() {
    Map<String, String> all = new TreeMap<>();
    collect("", KubernetesProperties.class, all);
    return all;
  }

  private static void collect(String prefix, Class<?> type, Map<String, String> all) {
    // Of a record's one constructor; the annotation is not kept on the components.
    for (Parameter component : type.getDeclaredConstructors()[0].getParameters()) {
      String name =
          prefix
              + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
      if (component.getType().isRecord()) {
        collect(name + ".", component.getType(), all);
      } else {
        DefaultValue value = component.getAnnotation(DefaultValue.class);
        all.put(name, value == null ? "" : String.join(",", value.value()));
      }
    }
  }

  @Test
  void areAllInTheDocumentation() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs", "kubernetes.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), row.group(2) == null ? "" : row.group(2));
      }
    }

    assertThat(rows).isEqualTo(bound());
  }

  @Test
  void areAllDescribedForEditors() throws IOException {
    try (InputStream in =
        getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      JsonNode metadata =
          JsonMapper.shared().readTree(Objects.requireNonNull(in, "no metadata was generated"));
      Map<String, String> descriptions = new TreeMap<>();
      for (JsonNode property : metadata.get("properties")) {
        String name = property.get("name").stringValue();
        if (name.startsWith("trainyard.kubernetes.")) {
          descriptions.put(
              name.substring("trainyard.kubernetes.".length()),
              property.path("description").asString(""));
        }
      }

      assertThat(descriptions.keySet()).isEqualTo(bound().keySet());
      assertThat(descriptions.values()).doesNotContain("");
    }
  }
}
