package io.trainyard.jobs;

import io.trainyard.shared.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that happened to a job.
 *
 * @param sequence counts the job's events from 1, without gaps
 * @param epoch the epoch of a {@code job.epoch}, else null
 * @param content what it tells: the text of a JSON object, on one line
 */
public record JobEvent(
    long sequence, Type type, @Nullable Integer epoch, Instant at, String content) {

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

  /** What it tells, parsed anew by each call. */
  public JsonNode data() {
    return Json.MAPPER.readTree(content);
  }
}
