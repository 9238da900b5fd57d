package io.trainyard.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job.
 *
 * @param state "running" or "ended"
 * @param outcome how it ended: succeeded, failed, cancelled, paused, lost, handed_back
 * @param resumedFrom the finished epochs of the checkpoint that it went on from; null if from none
 */
public record Attempt(
    int attempt,
    String state,
    @Nullable String outcome,
    @Nullable Integer exitCode,
    @Nullable String device,
    @Nullable Integer resumedFrom,
    Instant startedAt,
    @Nullable Instant endedAt) {}
