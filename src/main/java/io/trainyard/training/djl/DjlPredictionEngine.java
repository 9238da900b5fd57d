package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Shape;
import io.trainyard.training.Calculations.Refused;
import io.trainyard.training.PredictionEngine;
import io.trainyard.training.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Predictions on PyTorch's CPU, by the same script as after a training. */
public final class DjlPredictionEngine implements PredictionEngine {
  private final PtNDManager manager;

  /**
   * Loads PyTorch.
   *
   * @param threads of its arithmetic
   */
  public DjlPredictionEngine(int threads) {
    this.manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu());
    JniUtils.setNumThreads(threads);
  }

  @Override
  public Loaded load(ModelDefinition model, Shape input, SafetensorsFile tensors)
      throws Refused, IOException {
    PtNDManager own = manager.newSubManager(Device.cpu());
    boolean done = false;
    try {
      Weights weights = Weights.read(own, model, tensors);
      Script script = Script.load(own, new ProgramText(model).predict().text());
      done = true;
      return new DjlLoaded(own, script, weights, input);
    } catch (EngineException e) {
      throw refused(e);
    } finally {
      if (!done) {
        own.close();
      }
    }
  }

  private static Refused refused(EngineException e) {
    return new Refused(DjlTrainingEngine.reason(String.valueOf(e.getMessage())));
  }

  /** Owns its manager, and with it its native memory. */
  private record DjlLoaded(PtNDManager manager, Script script, Weights weights, Shape input)
      implements Loaded {

    @Override
    public FloatBuffer predict(FloatBuffer inputs, int rows) throws Refused {
      if (inputs.remaining() != rows * input.elements()) {
        throw new IllegalArgumentException(
            "%d rows of shape %s are not %d numbers".formatted(rows, input, inputs.remaining()));
      }
      try (PtNDManager scope = manager.newSubManager(Device.cpu())) {
        NDArray given = scope.create(inputs, Tensors.batch(rows, input), DataType.FLOAT32);
        // In torch's own memory: by its place in memory an array may give other last bits.
        NDArray x = given.duplicate();
        NDArray y = script.run("predict", new NDList(x).addAll(weights.arguments()), false);
        ByteBuffer bytes = y.toByteBuffer().order(ByteOrder.nativeOrder());
        FloatBuffer outputs = FloatBuffer.allocate(bytes.remaining() / Float.BYTES);
        return outputs.put(bytes.asFloatBuffer()).flip();
      } catch (EngineException e) {
        throw refused(e);
      }
    }

    @Override
    public void close() {
      script.close();
      manager.close();
    }
  }
}
