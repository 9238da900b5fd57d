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
  NATIVE_CRASH,
  LEASE_EXPIRED,
  USER;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static Reason of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
