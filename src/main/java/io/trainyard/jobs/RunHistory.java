package io.trainyard.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a job.
 *
 * @param attempt counts the runs from 1; 0 before the first
 * @param crashes runs that were lost
 * @param crashEpoch finished epochs when the last run was lost; -1 if none was
 * @param phase what the present run does
 * @param checkpointAsked finished epochs when a checkpoint was asked for; null when none is due
 */
public record RunHistory(
    int attempt,
    int crashes,
    int crashEpoch,
    @Nullable String device,
    @Nullable String phase,
    Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Integer checkpointAsked) {

  static RunHistory queued(Instant now) {
    return new RunHistory(0, 0, -1, null, null, now, null, null);
  }

  RunHistory next(Instant now) {
    return new RunHistory(
        attempt + 1,
        crashes,
        crashEpoch,
        device,
        "starting",
        queuedAt,
        startedAt == null ? now : startedAt,
        checkpointAsked);
  }

  RunHistory in(@Nullable String newPhase) {
    return new RunHistory(
        attempt, crashes, crashEpoch, device, newPhase, queuedAt, startedAt, checkpointAsked);
  }

  RunHistory on(String newDevice) {
    return new RunHistory(
        attempt, crashes, crashEpoch, newDevice, "training", queuedAt, startedAt, checkpointAsked);
  }

  RunHistory asked(@Nullable Integer epoch) {
    return new RunHistory(attempt, crashes, crashEpoch, device, phase, queuedAt, startedAt, epoch);
  }

  RunHistory crashed(int epoch) {
    return new RunHistory(
        attempt, crashes + 1, epoch, device, null, queuedAt, startedAt, checkpointAsked);
  }

  /** A user wants it to go on: what was lost before does not count any more. */
  RunHistory forgiven() {
    return new RunHistory(attempt, 0, -1, device, null, queuedAt, startedAt, null);
  }

  RunHistory requeued(Instant now) {
    return new RunHistory(
        attempt, crashes, crashEpoch, device, null, now, startedAt, checkpointAsked);
  }

  /** No run is to follow for now. */
  RunHistory over() {
    return new RunHistory(attempt, crashes, crashEpoch, device, null, queuedAt, startedAt, null);
  }
}
