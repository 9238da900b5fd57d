package io.trainyard.runner.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.training.Epoch;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a runner reports of its attempt. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.Phase.class, name = "phase"),
  @JsonSubTypes.Type(value = RunEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = RunEvent.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = RunEvent.EpochDone.class, name = "epoch"),
  @JsonSubTypes.Type(value = RunEvent.CheckpointDone.class, name = "checkpoint"),
  @JsonSubTypes.Type(value = RunEvent.Resumed.class, name = "resumed"),
  @JsonSubTypes.Type(value = RunEvent.Warning.class, name = "warning"),
  @JsonSubTypes.Type(value = RunEvent.Ended.class, name = "ended")
})
public sealed interface RunEvent {

  /** What the runner does now: "loading_data", "saving". */
  record Phase(String phase) implements RunEvent {}

  /** Training has begun on a device. */
  record Started(String device) implements RunEvent {}

  /** Within {@code epoch}: {@code fraction} of its steps are done. */
  record Progress(int epoch, double fraction) implements RunEvent {}

  /**
   * An epoch is over.
   *
   * @param at when it ended, by the runner's clock
   */
  record EpochDone(Epoch row, Instant at) implements RunEvent {}

  /**
   * A checkpoint is stored, both files of it.
   *
   * @param epoch finished epochs
   * @param bytes of both files
   * @param sha256 of the manifest, hexadecimal
   * @param cause "epoch", "time", "request", "pause" or "stop"
   * @param best whether it has the parameters after the best epoch so far
   */
  record CheckpointDone(int epoch, int row, long bytes, String sha256, String cause, boolean best)
      implements RunEvent {}

  /**
   * The run goes on from a checkpoint, after {@code epoch} finished epochs and {@code row} rows.
   */
  record Resumed(int epoch, int row) implements RunEvent {}

  /** Something the user should know that does not end the run. */
  record Warning(String detail) implements RunEvent {}

  /**
   * The last event of a run.
   *
   * @param outcome "succeeded", "failed", "cancelled" or "paused"
   * @param reason a job's reason; null for a run that was cancelled or paused
   * @param error what went wrong, for people; null unless failed
   */
  record Ended(
      String outcome, @Nullable String reason, @Nullable String error, @Nullable Integer bestEpoch)
      implements RunEvent {}
}
