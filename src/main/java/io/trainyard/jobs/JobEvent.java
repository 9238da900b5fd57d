package io.trainyard.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened to a job.
 *
 * @param sequence counts the job's events from 1, without gaps
 * @param epoch the epoch of a {@code job.epoch}, else null
 */
public record JobEvent(
    long sequence, Type type, @Nullable Integer epoch, Instant at, JsonNode data) {

  /** The kinds of event. */
  public enum Type {
    STATE("job.state"),
    EPOCH("job.epoch"),
    PROGRESS("job.progress"),
    CHECKPOINT("job.checkpoint"),
    WARNING("job.warning");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** The name on the wire. */
    public String word() {
      return word;
    }

    static Type of(String word) {
      for (Type type : values()) {
        if (type.word.equals(word)) {
          return type;
        }
      }
      throw new IllegalArgumentException(word);
    }
  }
}
