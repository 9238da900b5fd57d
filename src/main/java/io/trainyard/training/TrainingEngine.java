package io.trainyard.training;

import org.jspecify.annotations.Nullable;

/** Trains models, one at a time in a process: torch's random generator is the process's own. */
public interface TrainingEngine {

  /** What computes, with its version. Another one may give other last bits. */
  String name();

  /**
   * Trains to the plan's end or until the observer ends it.
   *
   * @param saved where to go on; null to begin
   * @throws TrainingFailure if memory runs out, the device is missing, or the data or the saved
   *     state does not fit
   */
  TrainedModel train(TrainingPlan plan, @Nullable SavedTraining saved, TrainingObserver observer)
      throws TrainingFailure;

  /** As {@link #train(TrainingPlan, SavedTraining, TrainingObserver)}, from the beginning. */
  default TrainedModel train(TrainingPlan plan, TrainingObserver observer) throws TrainingFailure {
    return train(plan, null, observer);
  }
}
