package io.trainyard.training;

/** Trains models, one at a time in a process: torch's random generator is the process's own. */
public interface TrainingEngine {

  /**
   * Trains to the plan's end or until the observer ends it.
   *
   * @throws TrainingFailure if memory runs out, the device is missing or the data does not fit
   */
  TrainedModel train(TrainingPlan plan, TrainingObserver observer) throws TrainingFailure;
}
