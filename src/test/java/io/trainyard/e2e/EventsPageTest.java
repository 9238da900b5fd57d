package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.jobs.JobEvent;
import io.trainyard.shared.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** docs/events.md has the events that there are, with their fields, and real examples. */
class EventsPageTest {
  private static final Pattern SECTION =
      Pattern.compile("^## `(job\\.\\w+)`\\n(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern FIELD = Pattern.compile("^\\| `(\\w+)`", Pattern.MULTILINE);
  private static final Pattern EXAMPLE =
      Pattern.compile("^```json\\n(.*?)\\n```", Pattern.MULTILINE | Pattern.DOTALL);

  /** Of every event, and told once. */
  private static final Set<String> COMMON = Set.of("sequence", "type", "at");

  private static Map<String, String> sections() throws Exception {
    Map<String, String> sections = new LinkedHashMap<>();
    Matcher matcher = SECTION.matcher(Files.readString(Path.of("docs", "events.md")));
    while (matcher.find()) {
      sections.put(matcher.group(1), matcher.group(2));
    }
    return sections;
  }

  private static List<String> found(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void everyTypeHasASection() throws Exception {
    assertThat(sections().keySet())
        .containsExactlyElementsOf(
            Arrays.stream(JobEvent.Type.values()).map(JobEvent.Type::word).toList());
  }

  @Test
  void itsFieldsAreTheContracts() throws Exception {
    JsonNode contract = Json.tree(new Yaml().load(Files.readString(Path.of("openapi.yaml"))));
    Map<String, String> sections = sections();
    for (JsonNode kind : contract.at("/components/schemas/JobEvent/oneOf")) {
      JsonNode schema = contract.at(kind.get("$ref").stringValue().substring(1));
      Set<String> fields = new TreeSet<>(schema.get("properties").propertyNames());
      for (JsonNode part : schema.path("allOf")) {
        JsonNode more = contract.at(part.get("$ref").stringValue().substring(1));
        fields.addAll(more.get("properties").propertyNames());
      }
      fields.removeAll(COMMON);
      String type = schema.at("/properties/type/const").stringValue();
      assertThat(found(FIELD, sections.getOrDefault(type, "")))
          .as(type)
          .containsExactlyInAnyOrderElementsOf(fields);
    }
  }

  @Test
  void theExamplesAreEvents() throws Exception {
    for (Map.Entry<String, String> section : sections().entrySet()) {
      List<String> examples = found(EXAMPLE, section.getValue());
      assertThat(examples).as(section.getKey()).isNotEmpty();
      for (String example : examples) {
        JsonNode event = Json.MAPPER.readTree(example);
        assertThat(event.get("type").stringValue()).isEqualTo(section.getKey());
        Contract.INSTANCE.checkEvent(event);
      }
    }
  }
}
