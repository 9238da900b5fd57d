package io.trainyard.jobs.web;

import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Lineage;
import io.trainyard.jobs.Outcome;
import io.trainyard.jobs.Progress;
import io.trainyard.jobs.Reason;
import io.trainyard.jobs.RunHistory;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A job as clients see it. */
record JobView(
    String id,
    String owner,
    String name,
    JobState state,
    boolean terminal,
    @Nullable String phase,
    @Nullable Reason reason,
    @Nullable JobError error,
    int attempt,
    int epoch,
    int epochs,
    double progress,
    @Nullable Long queuePosition,
    @Nullable Instant estimatedFinishAt,
    @Nullable Double trainLoss,
    @Nullable Double validationLoss,
    @Nullable Integer bestEpoch,
    long seed,
    @Nullable String device,
    @Nullable Lineage lineage,
    JsonNode spec,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  /** What went wrong. */
  record JobError(String detail) {}

  static JobView of(Job job, @Nullable Long queuePosition) {
    Progress progress = job.progress();
    RunHistory runs = job.runs();
    Outcome outcome = job.outcome();
    return new JobView(
        job.id(),
        job.spec().owner(),
        job.spec().name(),
        job.state(),
        job.state().terminal(),
        runs.phase(),
        outcome.reason(),
        outcome.error() == null ? null : new JobError(outcome.error()),
        runs.attempt(),
        progress.epoch(),
        job.spec().epochs(),
        progress.fraction(),
        queuePosition,
        job.estimatedFinish(),
        progress.trainLoss(),
        progress.validationLoss(),
        progress.bestEpoch() == 0 ? null : progress.bestEpoch(),
        job.spec().seed(),
        runs.device(),
        job.spec().lineage(),
        job.spec().document(),
        job.spec().createdAt(),
        runs.startedAt(),
        outcome.finishedAt());
  }
}
