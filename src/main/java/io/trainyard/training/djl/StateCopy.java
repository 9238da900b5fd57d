package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.trainyard.training.Checkpoint;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.TrainingProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arrays copied to the machine's memory, with a manager of their own. */
final class StateCopy implements Checkpoint {
  private final NDManager manager;
  private final Map<String, NDArray> arrays;
  private final Cause cause;
  private final boolean best;
  private final TrainingProgress progress;
  private final @Nullable FeatureScaling scaling;

  private StateCopy(
      NDManager manager,
      Map<String, NDArray> arrays,
      Cause cause,
      boolean best,
      TrainingProgress progress,
      @Nullable FeatureScaling scaling) {
    this.manager = manager;
    this.arrays = arrays;
    this.cause = cause;
    this.best = best;
    this.progress = progress;
    this.scaling = scaling;
  }

  static StateCopy of(
      Map<String, NDArray> arrays,
      Cause cause,
      boolean best,
      TrainingProgress progress,
      @Nullable FeatureScaling scaling) {
    // Not the training's: that one may be closed before this copy is written.
    NDManager manager = Engines.pytorch().newBaseManager(Device.cpu());
    Map<String, NDArray> copies = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          NDArray copy =
              array.getDevice().isGpu() ? array.toDevice(Device.cpu(), true) : array.duplicate();
          copy.attach(manager);
          copies.put(name, copy);
        });
    return new StateCopy(manager, copies, cause, best, progress, scaling);
  }

  @Override
  public Cause cause() {
    return cause;
  }

  @Override
  public boolean best() {
    return best;
  }

  @Override
  public TrainingProgress progress() {
    return progress;
  }

  @Override
  public @Nullable FeatureScaling scaling() {
    return scaling;
  }

  @Override
  public void write(OutputStream out) throws IOException {
    Safetensors.write(arrays, out);
  }

  @Override
  public void close() {
    manager.close();
  }
}
