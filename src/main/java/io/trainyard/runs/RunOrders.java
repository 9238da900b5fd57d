package io.trainyard.runs;

import io.trainyard.datasets.Dataset;
import io.trainyard.datasets.Datasets;
import io.trainyard.jobs.Attempt;
import io.trainyard.jobs.Checkpoints;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.Jobs;
import io.trainyard.models.Models;
import io.trainyard.runner.protocol.RunCheckpoint;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts together what a runner needs: the document with its model, and the dataset. */
@Component
class RunOrders {
  private final Models models;
  private final Datasets datasets;
  private final Jobs jobs;
  private final Checkpoints checkpoints;
  private final Clock clock;

  RunOrders(Models models, Datasets datasets, Jobs jobs, Checkpoints checkpoints, Clock clock) {
    this.models = models;
    this.datasets = datasets;
    this.jobs = jobs;
    this.checkpoints = checkpoints;
    this.clock = clock;
  }

  RunOrder order(Job job) {
    String datasetId = job.spec().datasetId();
    return new RunOrder(
        job.id(),
        job.runs().attempt(),
        job.spec().inlined(models),
        datasetId == null ? null : Json.tree(dataset(datasetId).descriptor()),
        secondsLeft(job),
        checkpoints.all(job.id()).stream()
            .map(c -> new RunCheckpoint(c.epoch(), c.row(), c.sha256()))
            .toList());
  }

  /** The stored file of the job's dataset. */
  InputStream dataset(Job job) throws IOException {
    String id = job.spec().datasetId();
    if (id == null) {
      throw Problem.notFound("dataset file of job", job.id());
    }
    return datasets.open(dataset(id));
  }

  private Dataset dataset(String id) {
    return datasets.ofJob(id).orElseThrow(() -> Problem.notFound("dataset", id));
  }

  /**
   * What the job's runs have not used up: waiting and resting do not count; null without a limit.
   */
  @Nullable Double secondsLeft(Job job) {
    Double most = job.spec().maxRuntimeSeconds();
    if (most == null) {
      return null;
    }
    Duration used = Duration.ZERO;
    for (Attempt attempt : jobs.attempts(job.id())) {
      Instant end = attempt.endedAt() == null ? clock.instant() : attempt.endedAt();
      used = used.plus(Duration.between(attempt.startedAt(), end));
    }
    return most - used.toMillis() / 1000.0;
  }
}
