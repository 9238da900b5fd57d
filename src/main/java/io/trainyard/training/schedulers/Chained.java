package io.trainyard.training.schedulers;

import io.trainyard.training.Scheduler;

/**
 * A scheduler that makes each rate of the one before, as torch's {@code get_lr}: the closed forms
 * give other last digits.
 */
interface Chained extends Scheduler {

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
    };
  }
}
