package io.trainyard.exports;

import io.trainyard.datasets.Target;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.ModelSummary;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import io.trainyard.training.FeatureScaling;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What it takes besides the numbers to use a trained model: the artifact {@code model.json}.
 *
 * @param model the document {@code {"layers": […]}}
 * @param inputShape of one input
 * @param target as the loss took it
 * @param scaling of the features before the model; null if there is none
 */
record ModelCard(
    JsonNode model, Shape inputShape, Target target, @Nullable FeatureScaling scaling) {
  static final String NAME = "model.json";

  static ModelCard read(InputStream in) throws IOException {
    try (in) {
      return Json.MAPPER.readValue(in, ModelCard.class);
    }
  }

  ModelDefinition definition() {
    Errors errors = new Errors();
    ModelDefinition definition = ModelDefinition.read(model, "/model", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(definition);
  }

  ModelSummary summary(ModelDefinition definition) {
    Errors errors = new Errors();
    ModelSummary summary = definition.summarize(inputShape, "/model", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(summary);
  }
}
