package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import io.trainyard.shared.Shape;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Owns its manager, and with it all native memory. */
final class DjlTrainedModel implements TrainedModel {
  private final PtNDManager manager;
  private final Script script;
  private final Weights weights;
  private final Shape input;
  private final TrainingResult result;
  private final @Nullable FeatureScaling scaling;

  DjlTrainedModel(
      PtNDManager manager,
      Script script,
      Weights weights,
      Shape input,
      TrainingResult result,
      @Nullable FeatureScaling scaling) {
    this.manager = manager;
    this.script = script;
    this.weights = weights;
    this.input = input;
    this.result = result;
    this.scaling = scaling;
  }

  @Override
  public TrainingResult result() {
    return result;
  }

  @Override
  public @Nullable FeatureScaling scaling() {
    return scaling;
  }

  @Override
  public Map<String, float[]> parameters() {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      weights
          .byName()
          .forEach(
              (name, array) -> {
                NDArray copy = array.toType(DataType.FLOAT32, true);
                copy.attach(scope);
                values.put(name, copy.toFloatArray());
              });
    }
    return values;
  }

  @Override
  public float[] predict(float[] inputs, int rows) {
    if (inputs.length != rows * input.elements()) {
      throw new IllegalArgumentException(
          "%d rows of shape %s are not %d numbers".formatted(rows, input, inputs.length));
    }
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      NDArray x =
          scope.create(FloatBuffer.wrap(inputs), Tensors.batch(rows, input), DataType.FLOAT32);
      return script.run("predict", new NDList(x).addAll(weights.arguments()), false).toFloatArray();
    }
  }

  @Override
  public void write(OutputStream out) throws IOException {
    Safetensors.write(weights.byName(), out);
  }

  @Override
  public void close() {
    script.close();
    manager.close();
  }
}
