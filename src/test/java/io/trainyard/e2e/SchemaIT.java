package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The vocabularies as an editor gets them. */
@ExtendWith(SharedServer.class)
class SchemaIT {

  @ParameterizedTest
  @CsvSource({
    "layers, /model/layers, Linear",
    "losses, /loss, CrossEntropyLoss",
    "optimizers, /optimizer, Adam",
    "schedulers, /scheduler, StepLR"
  })
  void theExamplesAreValidAndWhatIsMisspeltIsNot(String name, String place, String word, Api api)
      throws IOException {
    JsonNode description = api.get("/v1/schemas/" + name).expect(200).json();
    assertThat(description.get("$defs").has(word)).isTrue();
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(description);

    for (JsonNode job : jobs()) {
      JsonNode there = job.at(place);
      for (JsonNode document : there.isArray() ? there : Json.tree(List.of(there))) {
        if (document.isObject()) {
          assertThat(schema.validate(document)).as(document.toString()).isEmpty();
          JsonNode wrong = document.deepCopy().asObject().put("colour", 1);
          assertThat(schema.validate(wrong)).isNotEmpty();
        }
      }
    }
  }

  private static List<JsonNode> jobs() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("examples"))) {
      List<JsonNode> jobs =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("-job.json"))
              .map(name -> Json.MAPPER.readTree(Api.example(name)))
              .toList();
      assertThat(jobs).isNotEmpty();
      return jobs;
    }
  }

  @Test
  void anotherNameIsNotThere(Api api) {
    assertThat(api.get("/v1/schemas/datasets").expect(404).json().get("detail").stringValue())
        .contains("datasets");
  }
}
