package io.trainyard.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a job is in its life. */
public enum JobState {
  QUEUED,
  STARTING,
  RUNNING,
  PAUSING,
  PAUSED,
  CANCELLING,
  CANCELLED,
  SUCCEEDED,
  FAILED;

  /** Whether nothing happens to the job any more. */
  public boolean terminal() {
    return this == CANCELLED || this == SUCCEEDED || this == FAILED;
  }

  /** Whether an attempt of the job holds a slot and a lease. */
  public boolean held() {
    return this == STARTING || this == RUNNING || this == PAUSING || this == CANCELLING;
  }

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static JobState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
