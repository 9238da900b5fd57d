package io.trainyard.runner.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.shared.Shape;
import io.trainyard.training.FeatureScaling;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a predictor is to do. Each has one reply, in the order of the orders. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PredictorOrder.Load.class, name = "load"),
  @JsonSubTypes.Type(value = PredictorOrder.Unload.class, name = "unload"),
  @JsonSubTypes.Type(value = PredictorOrder.Predict.class, name = "predict")
})
public sealed interface PredictorOrder {

  /**
   * Bring a model into memory.
   *
   * @param model a name for it; one that has this name goes
   * @param document {@code {"layers": […]}}
   * @param scaling of inputs before the model sees them; null for none
   * @param file of its tensors, safetensors; not needed any more when the reply has come
   */
  record Load(
      String model,
      JsonNode document,
      Shape inputShape,
      @Nullable FeatureScaling scaling,
      String file)
      implements PredictorOrder {}

  /** Let a model go. */
  record Unload(String model) implements PredictorOrder {}

  /**
   * The outputs for some rows.
   *
   * @param inputs float32, little endian, row after row, not yet scaled
   */
  record Predict(String model, int rows, ByteBuffer inputs) implements PredictorOrder {}
}
