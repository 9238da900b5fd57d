package io.trainyard.training.djl;

import io.trainyard.training.Epoch;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingProgress;
import org.jspecify.annotations.Nullable;

/** Watches one number over the epochs: which was best, and whether it still improves. */
final class Monitor {
  private static final String TRAIN_LOSS = "train_loss";
  private static final String VALIDATION_LOSS = "validation_loss";

  private final String watched;
  private final TrainingPlan.@Nullable EarlyStopping stopping;
  private double best = Double.POSITIVE_INFINITY;
  private double reference = Double.POSITIVE_INFINITY;
  private int bestEpoch;
  private int waited;

  Monitor(TrainingPlan plan) {
    stopping = plan.earlyStopping();
    watched =
        stopping != null
            ? stopping.monitor()
            : plan.validationFraction() > 0 ? VALIDATION_LOSS : TRAIN_LOSS;
  }

  /**
   * Takes an epoch's number.
   *
   * @return whether it is the best so far
   */
  boolean improves(Epoch epoch) {
    double value = value(epoch);
    if (stopping != null && value < reference - stopping.minDelta()) {
      reference = value;
      waited = 0;
    } else {
      waited++;
    }
    if (value < best) {
      best = value;
      bestEpoch = epoch.epoch();
      return true;
    }
    return false;
  }

  /** Whether as many epochs as the patience allows have brought nothing. */
  boolean exhausted() {
    return stopping != null && waited > 0 && waited >= stopping.patience();
  }

  int bestEpoch() {
    return bestEpoch;
  }

  TrainingProgress.Monitor state() {
    return new TrainingProgress.Monitor(known(best), known(reference), bestEpoch, waited);
  }

  void restore(TrainingProgress.Monitor state) {
    best = unknown(state.best());
    reference = unknown(state.reference());
    bestEpoch = state.bestEpoch();
    waited = state.waited();
  }

  private static @Nullable Double known(double value) {
    return value == Double.POSITIVE_INFINITY ? null : Double.valueOf(value);
  }

  private static double unknown(@Nullable Double value) {
    return value == null ? Double.POSITIVE_INFINITY : value;
  }

  /** Lower is better: a metric is turned round. */
  private double value(Epoch epoch) {
    if (watched.equals(TRAIN_LOSS)) {
      return epoch.trainLoss();
    }
    Double value =
        watched.equals(VALIDATION_LOSS) ? epoch.validationLoss() : epoch.metrics().get(watched);
    if (value == null) {
      throw new IllegalArgumentException("nothing measures " + watched);
    }
    return watched.equals(VALIDATION_LOSS) ? value : -value;
  }
}
