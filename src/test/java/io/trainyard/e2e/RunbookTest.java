package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** Each alert has a section that says what to do, and leads there. */
class RunbookTest {
  private static final Path RULES = Path.of("helm/trainyard/alerts.yaml");
  private static final Path RUNBOOK = Path.of("docs/operations.md");
  private static final Pattern SECTION = Pattern.compile("(?m)^### (Trainyard\\w+)\\n\\n(?!#)\\S");

  private static Stream<JsonNode> alerts() throws IOException {
    return Json.tree(new Yaml().load(Files.readString(RULES)))
        .get("groups")
        .valueStream()
        .flatMap(group -> group.get("rules").valueStream())
        .filter(rule -> rule.has("alert"));
  }

  @Test
  void everyAlertHasASectionAndEverySectionAnAlert() throws IOException {
    List<String> sections =
        SECTION.matcher(Files.readString(RUNBOOK)).results().map(MatchResult::group).toList();
    List<String> named = sections.stream().map(s -> s.substring(4, s.indexOf('\n'))).toList();

    assertThat(named)
        .containsExactlyElementsOf(alerts().map(a -> a.get("alert").stringValue()).toList());
  }

  @Test
  void everyAlertLeadsToItsSection() throws IOException {
    assertThat(alerts())
        .allSatisfy(
            alert ->
                assertThat(alert.at("/annotations/runbook_url").stringValue())
                    .isEqualTo(
                        RUNBOOK + "#" + alert.get("alert").stringValue().toLowerCase(Locale.ROOT)));
  }
}
