package io.trainyard.jobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a job is in its last state. */
public enum Reason {
  COMPLETED,
  EARLY_STOPPED,
  DEADLINE_EXCEEDED,
  DIVERGED,
  OUT_OF_MEMORY,
  DATA_ERROR,
  DEVICE_UNAVAILABLE,
  STORAGE_ERROR,
  /** The runner was never there: no image, no place for it, no process. */
  START_FAILED,
  NATIVE_CRASH,
  /** The machine or the cluster took the runner away. */
  RUNNER_LOST,
  LEASE_EXPIRED,
  USER;

  /** Whether a run that is lost for this reason may be followed by another. */
  public boolean retried() {
    return this == NATIVE_CRASH || this == RUNNER_LOST || this == LEASE_EXPIRED;
  }

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static Reason of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
