package io.trainyard.schemas;

import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Vocabulary;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What forms and editors need to know of the words that documents are read with. */
@RestController
class SchemaController {
  private static final Map<String, Vocabulary<?>> VOCABULARIES =
      Map.of(
          "layers", Layers.VOCABULARY,
          "losses", Losses.VOCABULARY,
          "optimizers", Optimizers.VOCABULARY,
          "schedulers", Schedulers.VOCABULARY);

  @GetMapping("/v1/schemas/{name}")
  JsonNode get(@PathVariable String name) {
    Vocabulary<?> vocabulary = VOCABULARIES.get(name);
    if (vocabulary == null) {
      throw Problem.notFound("schema", name);
    }
    return vocabulary.schema();
  }
}
