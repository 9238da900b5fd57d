package io.trainyard.jobs;

import io.trainyard.shared.Problem;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user may ask of a job in each of its states. Each method tells whether there is something
 * to do; not so if the job is what was asked for already.
 */
final class JobCommands {
  /** Causes of checkpoints that a run stores because it was told to. */
  private static final Set<String> ON_DEMAND = Set.of("request", "pause", "stop");

  private JobCommands() {}

  /**
   * @throws Problem of kind CONFLICT if the job ended otherwise
   */
  static boolean cancels(JobState state) {
    return switch (state) {
      case QUEUED, STARTING, RUNNING, PAUSING, PAUSED -> true;
      case CANCELLING, CANCELLED -> false;
      case SUCCEEDED, FAILED -> throw refused(state, "cannot be cancelled");
    };
  }

  /**
   * @throws Problem of kind CONFLICT if the job has ended or is about to
   */
  static boolean pauses(JobState state) {
    return switch (state) {
      case QUEUED, STARTING, RUNNING -> true;
      case PAUSING, PAUSED -> false;
      case CANCELLING, CANCELLED, SUCCEEDED, FAILED -> throw refused(state, "cannot be paused");
    };
  }

  /**
   * @throws Problem of kind CONFLICT if the job cannot go on, or not yet
   */
  static boolean resumes(JobState state, @Nullable Reason reason) {
    return switch (state) {
      case PAUSED, CANCELLED -> true;
      case FAILED -> {
        if (reason == Reason.DEADLINE_EXCEEDED) {
          throw refused(state, "has used up its max_runtime_seconds; fork it with a larger one");
        }
        yield true;
      }
      case QUEUED, STARTING, RUNNING -> false;
      case PAUSING -> throw refused(state, "can be resumed once it is paused");
      case CANCELLING -> throw refused(state, "can be resumed once it is cancelled");
      case SUCCEEDED -> throw refused(state, "has nothing left to do; fork it with more epochs");
    };
  }

  /**
   * @throws Problem of kind CONFLICT if the job does not run
   */
  static boolean checkpoints(JobState state, @Nullable Integer due) {
    if (state != JobState.RUNNING) {
      throw refused(state, "has no checkpoint to write; only a running job has");
    }
    return due == null;
  }

  /**
   * Whether a checkpoint is the one that was asked for after {@code due} epochs, or a later one.
   */
  static boolean answers(Checkpoint checkpoint, @Nullable Integer due) {
    return due != null && (checkpoint.epoch() > due || ON_DEMAND.contains(checkpoint.cause()));
  }

  private static Problem refused(JobState state, String why) {
    return Problem.conflict("the job is " + state.word() + " and " + why);
  }
}
