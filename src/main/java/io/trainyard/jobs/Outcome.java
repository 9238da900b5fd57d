package io.trainyard.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a job ended, or why it waits again. */
public record Outcome(
    @Nullable Reason reason, @Nullable String error, @Nullable Instant finishedAt) {
  static final Outcome OPEN = new Outcome(null, null, null);
}
