package io.trainyard.runner;

import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.shared.Json;
import io.trainyard.training.Checkpoint;
import io.trainyard.training.ModelCard;
import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.SavedTraining;
import io.trainyard.training.TrainingProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a checkpoint is of, beside its arrays.
 *
 * @param format of this document and of the arrays' names
 * @param epoch finished epochs
 * @param row as in {@link TrainingProgress}, as are the members up to {@code scheduler}
 * @param state the file of the arrays
 * @param random how torch's generator comes to where it was: "replay", by drawing from the seed
 *     again what was drawn
 * @param document the members of the job's document that the state depends on
 * @param engine what computed
 * @param card of the model, for predictions; null in those of an earlier version
 */
record CheckpointManifest(
    int format,
    String job,
    int attempt,
    int epoch,
    int row,
    CheckpointFiles.Summary state,
    long step,
    double lossSum,
    double seconds,
    TrainingProgress.@Nullable Monitor monitor,
    @Nullable Map<String, Double> scheduler,
    long seed,
    String random,
    JsonNode document,
    String engine,
    Instant savedAt,
    @Nullable ModelCard card) {
  private static final int FORMAT = 1;

  /** What a row of an unfinished epoch means depends on these. */
  private static final List<String> ORDER =
      List.of("dataset", "validation", "batch_size", "shuffle", "seed");

  /** What a loss is comparable by. */
  private static final List<String> LOSSES =
      List.of("dataset", "validation", "loss", "early_stopping");

  private static final List<String> MEMBERS =
      List.of(
          "dataset",
          "validation",
          "batch_size",
          "shuffle",
          "seed",
          "loss",
          "early_stopping",
          "optimizer",
          "scheduler");

  static CheckpointManifest of(
      Checkpoint checkpoint,
      CheckpointFiles.Summary state,
      RunOrder order,
      ModelCard card,
      long seed,
      String engine) {
    TrainingProgress progress = checkpoint.progress();
    return new CheckpointManifest(
        FORMAT,
        order.job(),
        order.attempt(),
        progress.epoch(),
        progress.row(),
        state,
        progress.step(),
        progress.lossSum(),
        progress.seconds(),
        progress.monitor(),
        progress.scheduler(),
        seed,
        "replay",
        members(order.document()),
        engine,
        Instant.now(),
        card);
  }

  private static JsonNode members(JsonNode document) {
    ObjectNode members = Json.object();
    for (String name : MEMBERS) {
      if (document.hasNonNull(name)) {
        members.set(name, document.get(name));
      }
    }
    return members;
  }

  /** Whether this version can go on from it. */
  boolean known() {
    return format == FORMAT;
  }

  /**
   * What an order takes over of it: everything if it is the same job's; of another one's what the
   * two documents have in common.
   */
  SavedTraining saved(RunOrder order, SafetensorsFile arrays) {
    if (order.job().equals(job)) {
      return new SavedTraining(
          new TrainingProgress(epoch, row, step, lossSum, seconds, monitor, scheduler),
          arrays,
          SavedTraining.States.REQUIRED);
    }
    JsonNode other = members(order.document());
    boolean sameOptimizer = same(other, "/optimizer/type");
    boolean sameRates = same(other, "/scheduler") && same(other, "/optimizer/lr") && sameOptimizer;
    boolean sameOrder = ORDER.stream().allMatch(name -> same(other, "/" + name));
    boolean sameLosses = LOSSES.stream().allMatch(name -> same(other, "/" + name));
    TrainingProgress progress =
        new TrainingProgress(
            epoch,
            sameOrder ? row : 0,
            step,
            sameOrder ? lossSum : 0,
            sameOrder ? seconds : 0,
            sameLosses ? monitor : null,
            sameRates ? scheduler : null);
    return new SavedTraining(
        progress,
        arrays,
        sameOptimizer ? SavedTraining.States.IF_FITTING : SavedTraining.States.NONE);
  }

  private boolean same(JsonNode other, String pointer) {
    return document.at(pointer).equals(other.at(pointer));
  }
}
