package io.trainyard.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a job was made from.
 *
 * @param job the id of the other job, which may be deleted by now
 * @param checkpoint the finished epochs of the checkpoint that a fork began with; null for a rerun
 */
public record Lineage(Kind kind, String job, @Nullable Integer checkpoint) {

  /** How it was made. */
  public enum Kind {
    FORK,
    RERUN;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
