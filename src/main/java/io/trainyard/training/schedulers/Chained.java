package io.trainyard.training.schedulers;

import io.trainyard.training.Scheduler;
import java.util.Map;
import java.util.Objects;

/**
 * A scheduler that makes each rate of the one before, as torch's {@code get_lr}: the closed forms
 * give other last digits.
 */
interface Chained extends Scheduler {
  /** The names in torch's {@code state_dict()}. */
  String LAST_EPOCH = "last_epoch";

  String LAST_LR = "last_lr";

  /**
   * The rate of an epoch.
   *
   * @param lr of the epoch before; for epoch 0 the optimizer's
   * @param epoch counted from 0
   * @param base the optimizer's rate
   */
  double next(double lr, int epoch, double base);

  @Override
  default Rate start(double lr) {
    return new Rate() {
      private int epoch;
      private double current = next(lr, 0, lr);

      @Override
      public double lr() {
        return current;
      }

      @Override
      public void step(double loss) {
        epoch++;
        current = next(current, epoch, lr);
      }

      @Override
      public Map<String, Double> state() {
        return Map.of(LAST_EPOCH, (double) epoch, LAST_LR, current);
      }

      @Override
      public void restore(Map<String, Double> state) {
        epoch = Objects.requireNonNull(state.get(LAST_EPOCH), LAST_EPOCH).intValue();
        current = Objects.requireNonNull(state.get(LAST_LR), LAST_LR);
      }
    };
  }
}
