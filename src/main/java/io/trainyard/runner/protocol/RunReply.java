package io.trainyard.runner.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The answer to a report. */
public record RunReply(Command command) {

  /** What the runner is to do. */
  public enum Command {
    CONTINUE,
    /** Store a checkpoint of the state after the present epoch. */
    CHECKPOINT,
    /** Store a checkpoint and end. */
    PAUSE,
    CANCEL,
    /** The attempt is no longer the job's: stop at once, report nothing more. */
    FENCED;

    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Command of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
