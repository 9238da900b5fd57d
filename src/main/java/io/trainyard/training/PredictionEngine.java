package io.trainyard.training;

import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.FloatBuffer;

/** Predicts with trained models, on one thread of a process. */
public interface PredictionEngine {

  /**
   * Brings a model into memory.
   *
   * @param input the shape of one input
   * @param tensors with the model's parameters and buffers by their names in torch's {@code
   *     state_dict()}, and maybe more; may be closed afterwards
   * @throws Calculations.Refused if the tensors are not the model's, or memory does not suffice
   */
  Loaded load(ModelDefinition model, Shape input, SafetensorsFile tensors)
      throws Calculations.Refused, IOException;

  /** A model in memory until it is closed. */
  interface Loaded extends AutoCloseable {

    /**
     * The outputs in evaluation mode.
     *
     * @param inputs as the model sees them (normalised), row after row
     * @return row after row
     * @throws Calculations.Refused if the engine refuses the values, or memory does not suffice
     */
    FloatBuffer predict(FloatBuffer inputs, int rows) throws Calculations.Refused;

    @Override
    void close();
  }
}
