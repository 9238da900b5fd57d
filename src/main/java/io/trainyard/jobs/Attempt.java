package io.trainyard.jobs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job.
 *
 * @param state "running" or "ended"
 * @param outcome how it ended: succeeded, failed, cancelled, lost, handed_back
 */
public record Attempt(
    int attempt,
    String state,
    @Nullable String outcome,
    @Nullable Integer exitCode,
    @Nullable String device,
    Instant startedAt,
    @Nullable Instant endedAt) {}
