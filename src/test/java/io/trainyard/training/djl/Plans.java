package io.trainyard.training.djl;

import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import io.trainyard.training.TrainingPlan;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes plans from job documents, and jobs to try the engine with. */
final class Plans {
  private Plans() {}

  /** A small classification that learns: 4 inputs, 3 classes, 60 rows, batches of 16. */
  static ObjectNode document() {
    return (ObjectNode)
        json(
            """
            {"model": {"layers": [
               {"type": "Linear", "in_features": 4, "out_features": 16}, {"type": "ReLU"},
               {"type": "Linear", "in_features": 16, "out_features": 3}]},
             "dataset": {"type": "synthetic", "seed": 5, "samples": 60, "input_shape": [4], "classes": 3},
             "loss": {"type": "CrossEntropyLoss"},
             "optimizer": {"type": "SGD", "lr": 0.1},
             "epochs": 4, "batch_size": 16, "shuffle": true, "seed": 7}
            """);
  }

  /** A model of these layers. */
  static ModelDefinition model(JsonNode layers) {
    ObjectNode document = Json.object();
    document.set("layers", layers);
    Errors errors = new Errors();
    ModelDefinition model = ModelDefinition.read(document, "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(model);
  }

  static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a document with an inline model and dataset.
   *
   * @throws io.trainyard.shared.Problem if it is wrong or its words are unknown
   */
  static TrainingPlan plan(JsonNode job) {
    JobDocument document = JobDocument.read(job, References.inline(null));
    return document.plan(Objects.requireNonNull(document.data()));
  }
}
