package io.trainyard.training;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a training is, between two steps. With the arrays of a {@link Checkpoint} it is all that
 * the training needs to go on as if it had never stopped.
 *
 * @param epoch finished epochs
 * @param row of the next epoch, in its order: the first that has not trained yet; 0 between epochs
 * @param step updates made
 * @param lossSum of that epoch's rows up to {@code row}
 * @param seconds that they took
 * @param monitor null to begin anew
 * @param scheduler the state of {@link Scheduler.Rate}; null to begin anew
 */
public record TrainingProgress(
    int epoch,
    int row,
    long step,
    double lossSum,
    double seconds,
    @Nullable Monitor monitor,
    @Nullable Map<String, Double> scheduler) {

  /**
   * What is known of the number that early stopping watches, or else of the loss.
   *
   * @param best the lowest; null before the first epoch
   * @param reference what the next has to be lower than; null before the first
   * @param waited epochs since it was
   */
  public record Monitor(
      @Nullable Double best, @Nullable Double reference, int bestEpoch, int waited) {}

  /** The same for an optimizer that begins anew. */
  public TrainingProgress withoutSteps() {
    return new TrainingProgress(epoch, row, 0, lossSum, seconds, monitor, scheduler);
  }
}
