package io.trainyard.training.djl;

import io.trainyard.models.Layer;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.Parameter;
import io.trainyard.shared.Shape;
import io.trainyard.training.TrainingPlan;

/**
 * What a training has to compute: multiplications of the parameters with the inputs' numbers,
 * forward; backward takes about twice as many.
 *
 * @param step of one batch
 * @param epoch of all rows
 */
record StepSize(long step, long epoch) {
  /** Above it, a second thread takes over more than it costs to hand it over. */
  private static final long SMALL_STEP = 1L << 20;

  /**
   * Below it, epochs end so fast that telling of them keeps another core busy. Threads that wait
   * for each other then lose several times what they gain.
   */
  private static final long SMALL_EPOCH = 1L << 26;

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
    long batch = plan.batchSize() == null ? rows : Math.min(rows, plan.batchSize());
    return new StepSize(perRow * batch, perRow * rows);
  }

  /** Whether one thread is the best choice. */
  boolean isSmall() {
    return step < SMALL_STEP || epoch < SMALL_EPOCH;
  }
}
