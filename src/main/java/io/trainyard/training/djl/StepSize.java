package io.trainyard.training.djl;

import io.trainyard.models.Layer;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.Parameter;
import io.trainyard.shared.Shape;
import io.trainyard.training.TrainingPlan;

/**
 * What a step has to compute.
 *
 * @param multiplications of the parameters with a batch's numbers, forward; backward takes about
 *     twice as many
 */
record StepSize(long multiplications) {
  /** Above it, a second thread takes more than handing it over costs. */
  private static final long SMALL = 1L << 20;

  static StepSize of(TrainingPlan plan, ModelSummary summary) {
    long perRow = 0;
    for (ModelSummary.Row row : summary.layers()) {
      Layer layer = plan.model().layers().get(row.index());
      Shape output = row.outputShape();
      for (Parameter parameter : layer.parameters()) {
        // A weight is applied once for each place of the output: for each pixel, each vector.
        long places = output == null ? 1 : output.elements() / parameter.shape().size(0);
        perRow += parameter.shape().elements() * Math.max(1, places);
      }
    }
    long rows = plan.data().shape().rows();
    return new StepSize(
        perRow * (plan.batchSize() == null ? rows : Math.min(rows, plan.batchSize())));
  }

  boolean isSmall() {
    return multiplications < SMALL;
  }
}
