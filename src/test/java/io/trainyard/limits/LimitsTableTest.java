package io.trainyard.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The limits that are bound, those that are configured and those that are documented. */
class LimitsTableTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z-]+)` \\| (?:`([^`]*)`)? ?\\| .{4,} \\| .{3,} \\|");

  /** Name and default, from application.yaml. */
  private static Map<String, String> configured() throws IOException {
    Map<?, ?> document =
        new Yaml().load(Files.readString(Path.of("src", "main", "resources", "application.yaml")));
    Map<?, ?> own = (Map<?, ?>) Objects.requireNonNull(document.get("trainyard"));
    Map<String, String> limits = new TreeMap<>();
    ((Map<?, ?>) Objects.requireNonNull(own.get("limits")))
        .forEach((name, value) -> limits.put(name.toString(), Objects.toString(value, "")));
    return limits;
  }

  private static Map<String, String> documented() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("docs", "limits.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), Objects.requireNonNullElse(row.group(2), ""));
      }
    }
    return rows;
  }

  @Test
  void eachHasADefaultAndNoOtherIsConfigured() throws IOException {
    Set<String> bound = new TreeSet<>();
    for (RecordComponent component : LimitProperties.class.getRecordComponents()) {
      bound.add(component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    }

    assertThat(configured().keySet()).isEqualTo(bound);
  }

  @Test
  void eachIsInTheTableWithItsDefaultAndNoOtherIs() throws IOException {
    assertThat(documented()).isEqualTo(configured());
  }
}
