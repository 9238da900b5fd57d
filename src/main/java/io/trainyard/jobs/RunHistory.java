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
 */
public record RunHistory(
    int attempt,
    int crashes,
    int crashEpoch,
    @Nullable String device,
    @Nullable String phase,
    Instant queuedAt,
    @Nullable Instant startedAt) {

  static RunHistory queued(Instant now) {
    return new RunHistory(0, 0, -1, null, null, now, null);
  }

  RunHistory next(Instant now) {
    return new RunHistory(
        attempt + 1,
        crashes,
        crashEpoch,
        device,
        "starting",
        queuedAt,
        startedAt == null ? now : startedAt);
  }

  RunHistory in(@Nullable String newPhase) {
    return new RunHistory(attempt, crashes, crashEpoch, device, newPhase, queuedAt, startedAt);
  }

  RunHistory on(String newDevice) {
    return new RunHistory(attempt, crashes, crashEpoch, newDevice, "training", queuedAt, startedAt);
  }

  RunHistory crashed(int epoch) {
    return new RunHistory(attempt, crashes + 1, epoch, device, null, queuedAt, startedAt);
  }

  RunHistory requeued(Instant now) {
    return new RunHistory(attempt, crashes, crashEpoch, device, null, now, startedAt);
  }
}
