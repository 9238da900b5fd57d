package io.trainyard.training;

import io.trainyard.datasets.TableColumns;
import io.trainyard.datasets.Target;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.ModelSummary;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What it takes besides the numbers to use a trained model: the artifact {@code model.json}, and a
 * part of every checkpoint's manifest.
 *
 * @param model the document {@code {"layers": […]}}
 * @param inputShape of one input
 * @param target as the loss took it
 * @param scaling of the features before the model; null if there is none
 * @param columns that the inputs were made of; null if it was no table, or one of an earlier
 *     version
 */
public record ModelCard(
    JsonNode model,
    Shape inputShape,
    Target target,
    @Nullable FeatureScaling scaling,
    @Nullable TableColumns columns) {
  public static final String NAME = "model.json";

  /** The file of the numbers. */
  public static final String TENSORS = "model.safetensors";

  /** Reads and closes a file. */
  public static ModelCard read(InputStream in) throws IOException {
    try (in) {
      return Json.MAPPER.readValue(in, ModelCard.class);
    }
  }

  /** The same with a training's scaling. */
  public ModelCard with(@Nullable FeatureScaling fitted) {
    return new ModelCard(model, inputShape, target, fitted, columns);
  }

  public ModelDefinition definition() {
    Errors errors = new Errors();
    ModelDefinition definition = ModelDefinition.read(model, "/model", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(definition);
  }

  public ModelSummary summary(ModelDefinition definition) {
    Errors errors = new Errors();
    ModelSummary summary = definition.summarize(inputShape, "/model", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(summary);
  }
}
