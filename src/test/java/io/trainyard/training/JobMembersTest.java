package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** openapi.yaml, which the reference is made of, has a job's members as they are read. */
class JobMembersTest {
  @Test
  void theContractHasTheMembersThatAreRead() throws Exception {
    JsonNode schema =
        Json.tree(new Yaml().load(Files.readString(Path.of("openapi.yaml"))))
            .at("/components/schemas/JobDocument");
    List<String> required =
        schema.get("required").valueStream().map(JsonNode::stringValue).toList();

    assertThat(schema.get("properties").propertyNames())
        .containsExactlyElementsOf(JobOptions.MEMBERS.stream().map(Argument::name).toList());
    for (Argument<?> member : JobOptions.MEMBERS) {
      assertThat(required.contains(member.name())).as(member.name()).isEqualTo(member.required());
      JsonNode fallback = member.schema().path("default");
      if (!fallback.isMissingNode()) {
        assertThat(schema.at("/properties/" + member.name() + "/default"))
            .as(member.name())
            .isEqualTo(fallback);
      }
    }
  }
}
