package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.SavedTraining;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingProgress;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a saved training's arrays in place of the initial ones.
 *
 * @param progress of what could be taken over
 * @param best the best epoch's weights, as {@link Weights#duplicate} makes them; null if there are
 *     none
 */
record Restoration(TrainingProgress progress, @Nullable NDList best) {
  static final String OPTIMIZER = "optimizer.";
  static final String BEST = "best.";

  /**
   * Overwrites the weights, and the optimizer's states if they fit.
   *
   * @throws TrainingFailure if what has to fit does not
   */
  static Restoration of(
      SavedTraining saved, PtNDManager manager, EpochCalls calls, Weights weights, int rows)
      throws TrainingFailure {
    SafetensorsFile file = saved.arrays();
    TrainingProgress progress = saved.progress();
    requirePlace(progress, calls, rows);
    Map<String, NDArray> wanted = new LinkedHashMap<>(weights.byName());
    Map<String, NDArray> states = calls.states();
    SavedTraining.States optimizer = saved.optimizer();
    if (optimizer == SavedTraining.States.REQUIRED
        || (optimizer == SavedTraining.States.IF_FITTING && misfit(file, states) == null)) {
      wanted.putAll(states);
    } else {
      progress = progress.withoutSteps();
    }
    NDList best = null;
    if (progress.monitor() != null && file.entries().containsKey(BEST + weights.names().get(0))) {
      best = weights.duplicate("best");
      for (int i = 0; i < best.size(); i++) {
        wanted.put(BEST + weights.names().get(i), best.get(i));
      }
    }
    String misfit = misfit(file, wanted);
    if (misfit != null) {
      throw failure(misfit);
    }
    copy(file, wanted, manager, calls);
    return new Restoration(progress, best);
  }

  private static void requirePlace(TrainingProgress progress, EpochCalls calls, int rows)
      throws TrainingFailure {
    int row = progress.row();
    boolean between = row % calls.batch() == 0 || row == rows;
    if (progress.epoch() < 0 || progress.step() < 0 || row < 0 || row > rows || !between) {
      throw failure("no batch begins at row " + row + " of " + rows);
    }
  }

  /** What keeps the file's arrays from taking these places; null if nothing does. */
  private static @Nullable String misfit(SafetensorsFile file, Map<String, NDArray> wanted) {
    for (Map.Entry<String, NDArray> place : wanted.entrySet()) {
      SafetensorsFile.Entry entry = file.entries().get(place.getKey());
      String expected = describe(place.getValue().getDataType(), place.getValue().getShape());
      if (entry == null) {
        return "it has no array " + place.getKey() + ", " + expected;
      }
      String given = entry.dtype() + " " + entry.shape();
      if (!given.equals(expected)) {
        return "its array " + place.getKey() + " is " + given + ", expected " + expected;
      }
    }
    return null;
  }

  private static String describe(DataType type, Shape shape) {
    return Safetensors.type(type) + " " + Arrays.toString(shape.getShape());
  }

  private static void copy(
      SafetensorsFile file, Map<String, NDArray> wanted, PtNDManager manager, EpochCalls calls)
      throws TrainingFailure {
    try (PtNDManager scope = manager.newSubManager(Device.cpu())) {
      NDList from = new NDList();
      NDList to = new NDList();
      for (Map.Entry<String, NDArray> place : wanted.entrySet()) {
        NDArray array = place.getValue();
        NDArray saved =
            scope.create(file.bytes(place.getKey()), array.getShape(), array.getDataType());
        saved.setName("from[]");
        from.add(saved);
        // A second handle on the same memory: an array has one name, and that is taken.
        NDArray target = array.stopGradient();
        target.attach(scope);
        target.setName("to[]");
        to.add(target);
      }
      calls.copy(from, to);
    } catch (IOException e) {
      throw failure("it cannot be read: " + e.getMessage());
    }
  }

  private static TrainingFailure failure(String what) {
    return new TrainingFailure(
        TrainingFailure.Reason.DATA_ERROR, "the checkpoint does not fit: " + what);
  }
}
