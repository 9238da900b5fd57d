package io.trainyard.jobs;

import io.trainyard.models.Models;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.JobDocument;
import io.trainyard.training.JobOptions;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was asked for: the part of a job that never changes.
 *
 * @param owner to whom the job belongs
 * @param document as posted, with the defaults and the seed that stand for what was left out
 * @param lineage the job that this one was made from; null for none
 */
public record JobSpec(
    String owner,
    String name,
    ObjectNode document,
    @Nullable String modelId,
    @Nullable String datasetId,
    int epochs,
    long seed,
    int priority,
    @Nullable Double maxRuntimeSeconds,
    Map<String, String> tags,
    Instant createdAt,
    @Nullable Lineage lineage) {

  static JobSpec of(
      String id,
      String owner,
      JsonNode posted,
      JobDocument read,
      @Nullable Lineage lineage,
      Instant now) {
    JobOptions options = read.options();
    String name = options.name() == null ? id : options.name();
    ObjectNode document = posted.deepCopy().asObject();
    document.put("seed", options.seed());
    document.put("shuffle", options.shuffle()).put("device", options.device());
    document.put("priority", options.priority());
    document.put("batch_size", options.batchSize());
    if (options.maxRuntimeSeconds() != null) {
      document.put("max_runtime_seconds", options.maxRuntimeSeconds());
    }
    document.set("metrics", Json.tree(options.metrics()));
    return new JobSpec(
        owner,
        name,
        document,
        read.modelId(),
        read.datasetId(),
        options.epochs(),
        options.seed(),
        options.priority(),
        options.maxRuntimeSeconds(),
        options.tags(),
        now,
        lineage);
  }

  /**
   * The document with its model inline: of the version that the name stood for when the job was
   * posted.
   *
   * @throws Problem of kind NOT_FOUND if there is no such model
   */
  public ObjectNode inlined(Models models) {
    ObjectNode whole = document.deepCopy();
    String id = modelId;
    if (id != null) {
      whole.set(
          "model", models.ofJob(id).orElseThrow(() -> Problem.notFound("model", id)).document());
    }
    return whole;
  }

  /** How many of the newest checkpoints are kept. */
  int keptCheckpoints() {
    JsonNode keep = document.path("checkpoint").path("keep");
    return keep.isInt() ? keep.intValue() : JobOptions.KEPT_CHECKPOINTS;
  }
}
