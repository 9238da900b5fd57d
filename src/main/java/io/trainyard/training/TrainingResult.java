package io.trainyard.training;

/**
 * How a training ended.
 *
 * @param epochs finished epochs
 * @param bestEpoch the epoch with the lowest monitored number; 0 before the first
 */
public record TrainingResult(End end, int epochs, int bestEpoch) {

  /** Why there were no more epochs. */
  public enum End {
    COMPLETED,
    EARLY_STOPPED,
    PAUSED,
    CANCELLED
  }
}
