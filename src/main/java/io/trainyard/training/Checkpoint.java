package io.trainyard.training;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a training's state between two steps. It has memory of its own, so that it can be
 * written on another thread while the training goes on, and after its end.
 */
public interface Checkpoint extends AutoCloseable {

  /** Why it was taken. */
  enum Cause {
    EPOCH,
    TIME,
    REQUEST,
    PAUSE
  }

  Cause cause();

  /** Whether these are the parameters after the best epoch so far. */
  boolean best();

  TrainingProgress progress();

  /** How the features are scaled before the model sees them; null if they are not. */
  @Nullable FeatureScaling scaling();

  /**
   * Writes the arrays in safetensors format: parameters and buffers by their names in torch's
   * {@code state_dict()}, an optimizer's states as {@code optimizer.STATE.PARAMETER}, and as {@code
   * best.NAME} the best epoch's parameters where they are to be restored.
   */
  void write(OutputStream out) throws IOException;

  @Override
  void close();
}
