package io.trainyard.jobs;

import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a job has to tell and has not stored yet: events, numbered on from those that are stored.
 */
final class JobLog {
  private long last;
  private final List<JobEvent> pending = new ArrayList<>();

  JobLog(long last) {
    this.last = last;
  }

  /** The sequence number of the last event. */
  long last() {
    return last;
  }

  /** The events recorded since the last call. */
  List<JobEvent> take() {
    List<JobEvent> events = List.copyOf(pending);
    pending.clear();
    return events;
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
    record(JobEvent.Type.EPOCH, row.epoch(), Json.tree(row), at);
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

  private void record(JobEvent.Type type, @Nullable Integer epoch, JsonNode data, Instant now) {
    pending.add(new JobEvent(++last, type, epoch, now, data));
  }
}
