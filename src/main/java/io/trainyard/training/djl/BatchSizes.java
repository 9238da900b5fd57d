package io.trainyard.training.djl;

import io.trainyard.models.Layer;
import io.trainyard.models.ModelSummary;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingPlan;
import java.util.Objects;

/** Whether every batch has the rows that the layers need. */
final class BatchSizes {
  private BatchSizes() {}

  /**
   * Refuses what torch refuses when it comes to the batch. The sizes are known before the first.
   *
   * @throws TrainingFailure if a batch, most likely the last, is too short for a layer
   */
  static void check(TrainingPlan plan, ModelSummary summary, TrainingData data)
      throws TrainingFailure {
    int batch = plan.batchSize() == null ? data.train().count() : plan.batchSize();
    check(plan, summary, data.train().count(), batch, true);
    TrainingData.Rows validation = data.validation();
    if (validation != null) {
      check(plan, summary, validation.count(), Math.min(batch, data.train().count()), false);
    }
  }

  private static void check(
      TrainingPlan plan, ModelSummary summary, int rows, int batch, boolean training)
      throws TrainingFailure {
    int shortest = rows < batch || rows % batch == 0 ? Math.min(rows, batch) : rows % batch;
    for (ModelSummary.Row row : summary.layers()) {
      Layer layer = plan.model().layers().get(row.index());
      int least = layer.minimumRows(Objects.requireNonNull(row.inputShape()), training);
      if (shortest < least) {
        throw new TrainingFailure(
            TrainingFailure.Reason.DATA_ERROR,
            "layer %d, %s, needs batches of at least %d rows; %d %s rows in batches of %d leave one of %d"
                .formatted(
                    row.index(),
                    row.type(),
                    least,
                    rows,
                    training ? "training" : "validation",
                    batch,
                    shortest));
      }
    }
  }
}
