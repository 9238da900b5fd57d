package io.trainyard.exports;

import io.trainyard.artifacts.Artifact;
import io.trainyard.artifacts.ArtifactStore;
import io.trainyard.datasets.Datasets;
import io.trainyard.jobs.Checkpoint;
import io.trainyard.jobs.CheckpointFiles;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.Jobs;
import io.trainyard.models.Models;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Puts together what is known of how a result came to be. */
@Component
class Manifests {
  private final Jobs jobs;
  private final Models models;
  private final Datasets datasets;
  private final ArtifactStore artifacts;

  Manifests(Jobs jobs, Models models, Datasets datasets, ArtifactStore artifacts) {
    this.jobs = jobs;
    this.models = models;
    this.datasets = datasets;
    this.artifacts = artifacts;
  }

  Manifest of(Job job) throws IOException {
    return of(job, null, job.progress().epoch());
  }

  Manifest of(Job job, Checkpoint checkpoint) throws IOException {
    return of(job, checkpoint.epoch(), checkpoint.epoch());
  }

  /** The files of a job without those of others. */
  List<Artifact> stored(Job job) throws IOException {
    return artifacts.list(job.id()).stream()
        .filter(artifact -> !isOthers(artifact.name()))
        .toList();
  }

  /** Whether a file is a checkpoint's, which are listed on their own, or a deployment's. */
  static boolean isOthers(String artifact) {
    return CheckpointFiles.isName(artifact) || artifact.startsWith(Artifact.DEPLOYMENT);
  }

  private Manifest of(Job job, @Nullable Integer checkpoint, int epoch) throws IOException {
    ExportedJob exported = ExportedJob.of(job, models, datasets);
    return new Manifest(
        job.id(),
        job.spec().name(),
        job.state(),
        job.outcome().reason(),
        exported.document(),
        job.spec().seed(),
        exported.data(),
        new Manifest.Versions(
            Manifests.class.getPackage().getImplementationVersion(),
            libtorch(),
            Runtime.version().toString()),
        job.runs().device(),
        job.runs().attempt(),
        checkpoint,
        epoch,
        row(job, epoch),
        row(job, job.progress().bestEpoch()),
        job.spec().createdAt(),
        job.runs().startedAt(),
        job.outcome().finishedAt(),
        stored(job));
  }

  private @Nullable JsonNode row(Job job, int epoch) {
    // A fork has none of the epochs before its checkpoint.
    List<JobEvent> rows = epoch == 0 ? List.of() : jobs.epochs(job.id(), List.of(epoch));
    return rows.isEmpty() ? null : rows.get(0).data();
  }

  /** The version of the native library that the runners find where the server finds it. */
  private static @Nullable String libtorch() throws IOException {
    try (InputStream in =
        Manifests.class.getClassLoader().getResourceAsStream("native/lib/pytorch.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version");
    }
  }
}
