package io.trainyard.training;

import org.jspecify.annotations.Nullable;

/**
 * How a training ended.
 *
 * @param epochs finished epochs
 * @param bestEpoch the epoch with the lowest monitored number; 0 before the first
 * @param detail what there is to say of the end; null if nothing
 */
public record TrainingResult(End end, int epochs, int bestEpoch, @Nullable String detail) {

  /** Why there were no more epochs. */
  public enum End {
    COMPLETED,
    EARLY_STOPPED,
    PAUSED,
    CANCELLED,
    /** A loss was no finite number; the model has the last weights that were seen finite. */
    DIVERGED
  }
}
