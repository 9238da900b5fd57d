package io.trainyard.exports;

import io.trainyard.artifacts.Artifact;
import io.trainyard.datasets.Dataset;
import io.trainyard.datasets.DatasetShape;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a job's result is made of: all that it takes to have it again.
 *
 * @param document as the job was run, with its model inline
 * @param device that the last run computed on; null before one did
 * @param checkpoint the checkpoint's epoch; null if it is of the job's result
 * @param epochs finished ones
 * @param last the last finished epoch's row; null before one was
 * @param best the row of the epoch with the best monitored loss
 */
record Manifest(
    String job,
    String name,
    JobState state,
    @Nullable Reason reason,
    JsonNode document,
    long seed,
    Data dataset,
    Versions versions,
    @Nullable String device,
    int attempt,
    @Nullable Integer checkpoint,
    int epochs,
    @Nullable JsonNode last,
    @Nullable JsonNode best,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    List<Artifact> artifacts) {
  static final String NAME = "manifest.json";

  /**
   * The rows that it was trained on.
   *
   * @param id null for an inline dataset; the rest is null, too, if a stored one is gone
   * @param sha256 of the file as it was uploaded; null for a synthetic one
   */
  record Data(
      @Nullable String id,
      @Nullable String name,
      @Nullable String kind,
      @Nullable Long rows,
      @Nullable Long bytes,
      @Nullable String sha256) {

    static Data inline(DatasetShape shape) {
      return new Data(null, null, "synthetic", shape.rows(), null, null);
    }

    static Data of(Dataset dataset) {
      return new Data(
          dataset.id(),
          dataset.name(),
          dataset.descriptor().kind(),
          dataset.descriptor().shape().rows(),
          dataset.bytes(),
          dataset.sha256());
    }

    static Data gone(String id) {
      return new Data(id, null, null, null, null, null);
    }
  }

  /**
   * Of the programs.
   *
   * @param trainyard null if it was not started from its jar
   * @param libtorch null if it is not among the server's libraries
   */
  record Versions(@Nullable String trainyard, @Nullable String libtorch, String java) {}
}
