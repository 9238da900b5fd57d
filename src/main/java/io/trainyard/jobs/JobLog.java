package io.trainyard.jobs;

import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a job has to tell and has not stored yet: events, numbered on from those that are stored.
 */
final class JobLog {
  private long last;
  private final List<JobEvent> pending = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>();

  JobLog(long last) {
    this.last = last;
  }

  /** The sequence number of the last event. */
  long last() {
    return last;
  }

  /**
   * What was recorded.
   *
   * @param epochs those among the events
   */
  record Recorded(List<JobEvent> events, List<Epoch> epochs) {}

  /** What was recorded since the last call. */
  Recorded take() {
    Recorded recorded = new Recorded(List.copyOf(pending), List.copyOf(epochs));
    pending.clear();
    epochs.clear();
    return recorded;
  }

  void state(JobState state, int attempt, Outcome outcome, Instant now) {
    ObjectNode data = Json.object().put("state", state.word()).put("attempt", attempt);
    if (outcome.reason() != null) {
      data.put("reason", outcome.reason().word());
    }
    if (outcome.error() != null) {
      data.putObject("error").put("detail", outcome.error());
    }
    record(JobEvent.Type.STATE, null, data, now);
  }

  void progress(@Nullable String phase, Progress progress, Instant now) {
    record(JobEvent.Type.PROGRESS, null, told(phase, progress), now);
  }

  /** The present run goes on after an epoch that an earlier one has trained. */
  void resumed(@Nullable String phase, Progress progress, int epoch, Instant now) {
    record(JobEvent.Type.PROGRESS, null, told(phase, progress).put("resumed_from", epoch), now);
  }

  void epoch(Epoch row, Instant at) {
    epochs.add(row);
    record(JobEvent.Type.EPOCH, row.epoch(), row, at);
  }

  void checkpoint(Checkpoint checkpoint, Instant now) {
    ObjectNode data =
        Json.object()
            .put("epoch", checkpoint.epoch())
            .put("row", checkpoint.row())
            .put("attempt", checkpoint.attempt())
            .put("cause", checkpoint.cause())
            .put("bytes", checkpoint.bytes())
            .put("sha256", checkpoint.sha256())
            .put("best", checkpoint.best());
    record(JobEvent.Type.CHECKPOINT, null, data, now);
  }

  void warning(String detail, Instant now) {
    record(JobEvent.Type.WARNING, null, Json.object().put("detail", detail), now);
  }

  private static ObjectNode told(@Nullable String phase, Progress progress) {
    ObjectNode data = Json.object().put("phase", phase);
    return data.put("epoch", progress.epoch()).put("progress", progress.fraction());
  }

  private void record(JobEvent.Type type, @Nullable Integer epoch, Object data, Instant now) {
    pending.add(new JobEvent(++last, type, epoch, now, Json.write(data)));
  }
}
