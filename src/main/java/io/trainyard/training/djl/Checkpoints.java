package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.trainyard.training.Checkpoint.Cause;
import io.trainyard.training.TrainingObserver;
import io.trainyard.training.TrainingPlan.Checkpointing;
import io.trainyard.training.TrainingProgress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies the state of a training when its plan or its observer asks for it. */
final class Checkpoints {
  private final Checkpointing when;
  private final TrainingObserver observer;
  private final EpochCalls calls;
  private final Weights weights;
  private final NDList examined;
  private boolean requested;
  private long taken = System.nanoTime();

  /** The newest state that there is a copy of, or that the training began with. */
  private int epoch;

  private int row;

  /**
   * @param from what the training begins with; null for the initial state
   */
  Checkpoints(
      Checkpointing when,
      TrainingObserver observer,
      EpochCalls calls,
      Weights weights,
      @Nullable TrainingProgress from) {
    this.when = when;
    this.observer = observer;
    this.calls = calls;
    this.weights = weights;
    examined = weights.all("examined");
    if (from != null) {
      epoch = from.epoch();
      row = from.row();
    }
  }

  /** The observer wants one of the state after the present epoch. */
  void request() {
    requested = true;
  }

  /** How many epochs there are until one is due by their number. */
  int epochsLeft(int finished) {
    Integer every = when.everyEpochs();
    return every == null ? Integer.MAX_VALUE : every - finished % every;
  }

  /** Why one is due after an epoch; null if none is. */
  @Nullable Cause due(int finished) {
    Integer every = when.everyEpochs();
    if (requested) {
      return Cause.REQUEST;
    }
    return every != null && finished % every == 0 ? Cause.EPOCH : dueByTime();
  }

  /** Why one is due within an epoch; null if none is. */
  @Nullable Cause dueByTime() {
    Double seconds = when.everySeconds();
    return seconds != null && (System.nanoTime() - taken) / 1e9 >= seconds ? Cause.TIME : null;
  }

  /**
   * Copies the state, if it is finite and there is no copy of it, and gives it to the observer.
   *
   * @param best the best epoch's weights in the order of {@link Weights#names}; null if not kept
   */
  void take(Cause cause, TrainingProgress progress, @Nullable NDList best) {
    requested = false;
    taken = System.nanoTime();
    if ((progress.epoch() == epoch && progress.row() == row) || !calls.finite(examined)) {
      return;
    }
    epoch = progress.epoch();
    row = progress.row();
    Map<String, NDArray> arrays = new LinkedHashMap<>(weights.byName());
    arrays.putAll(calls.states());
    if (best != null) {
      for (int i = 0; i < best.size(); i++) {
        arrays.put(Restoration.BEST + weights.names().get(i), best.get(i));
      }
    }
    TrainingProgress.Monitor monitor = progress.monitor();
    boolean isBest = row == 0 && monitor != null && monitor.bestEpoch() == epoch;
    observer.checkpoint(StateCopy.of(arrays, cause, isBest, progress, calls.scaling()));
  }
}
