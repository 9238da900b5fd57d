package io.trainyard.training;

import java.util.Map;

/** A torch.optim.lr_scheduler as data: how the learning rate goes on from epoch to epoch. */
public interface Scheduler {

  /**
   * Begins a training.
   *
   * @param lr the optimizer's learning rate
   */
  Rate start(double lr);

  /**
   * Whether the rates depend on the losses, so that an epoch must end before the next can begin.
   */
  default boolean watchesLoss() {
    return false;
  }

  /** The learning rate of one training. */
  interface Rate {

    /** The rate of the epoch that runs or comes next. */
    double lr();

    /**
     * Ends an epoch.
     *
     * @param loss the validation loss, without validation the train loss
     */
    void step(double loss);

    /** All that the rates to come depend on, by name; what is not there yet is left out. */
    Map<String, Double> state();

    /**
     * Goes on from a state.
     *
     * @param state of a rate of an equal scheduler
     */
    void restore(Map<String, Double> state);
  }

  /** A rate that never changes. */
  static Rate constant(double lr) {
    return new Rate() {
      @Override
      public double lr() {
        return lr;
      }

      @Override
      public void step(double loss) {}

      @Override
      public Map<String, Double> state() {
        return Map.of();
      }

      @Override
      public void restore(Map<String, Double> state) {}
    };
  }
}
