package io.trainyard.training.djl;

import io.trainyard.training.Epoch;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingResult.End;
import java.util.List;
import java.util.Map;

/** Makes an epoch's row of what the calls gave, batch by batch. */
final class EpochNumbers {
  private final TrainingPlan plan;
  private final EpochCalls calls;
  private final int rows;
  private final int batch;

  /**
   * @param rows that train
   */
  EpochNumbers(TrainingPlan plan, EpochCalls calls, int rows) {
    this.plan = plan;
    this.calls = calls;
    this.rows = rows;
    batch = calls.batch();
  }

  /**
   * Adds batches to an epoch's sum, one after another: however calls share an epoch, the sum is the
   * same to the bit.
   *
   * @param values of a call; the losses are those from {@code from} to {@code to}
   * @param row where the first of them begins
   * @throws Ended if one is not finite
   */
  double add(double sum, float[] values, int from, int to, int row, int epoch) throws Ended {
    double total = sum;
    for (int i = from; i < to; i++) {
      int begin = row + (i - from) * batch;
      if (!Float.isFinite(values[i])) {
        throw diverged(epoch, "loss", values[i], ", step " + (begin / batch + 1));
      }
      total += weighted(values[i], begin, rows);
    }
    return total;
  }

  /**
   * The row of a finished epoch.
   *
   * @param total the sum over its batches
   * @param evaluation what the calls of its evaluation gave
   * @throws Ended if the validation loss is not finite
   */
  Epoch epoch(int number, double total, List<float[]> evaluation, double lr, double seconds)
      throws Ended {
    double trainLoss = plan.loss().summed() ? total : total / rows;
    Double validationLoss = null;
    Map<String, Double> metrics = Map.of();
    TrainingData.Rows evaluated = calls.evaluated();
    if (evaluated != null) {
      double[] sums = sums(evaluation, evaluated.count());
      if (plan.validationFraction() > 0) {
        validationLoss = plan.loss().summed() ? sums[0] : sums[0] / evaluated.count();
        if (!Double.isFinite(validationLoss)) {
          throw diverged(number, "validation loss", validationLoss, "");
        }
      }
      if (calls.evaluationWidth() > 1) {
        metrics = Map.of(EpochCalls.ACCURACY, sums[1] / evaluated.count());
      }
    }
    return new Epoch(number, trainLoss, validationLoss, lr, seconds, rows / seconds, metrics);
  }

  /** What a scheduler watches. */
  static double watched(Epoch epoch) {
    Double validation = epoch.validationLoss();
    return validation == null ? epoch.trainLoss() : validation;
  }

  /** Of the evaluated rows: the loss, and the rows that were right. */
  private double[] sums(List<float[]> evaluation, int count) {
    double[] sums = new double[2];
    int width = calls.evaluationWidth();
    int begin = 0;
    for (float[] values : evaluation) {
      for (int i = 0; i < values.length; i += width) {
        sums[0] += weighted(values[i], begin, count);
        sums[1] += width > 1 ? values[i + 1] : 0;
        begin += batch;
      }
    }
    return sums;
  }

  private static Ended diverged(int epoch, String what, double value, String step) {
    String became = Double.isNaN(value) ? "NaN" : "infinite";
    return new Ended(
        End.DIVERGED,
        "the %s became %s in epoch %d%s: lower lr or clip gradients"
            .formatted(what, became, epoch, step));
  }

  private double weighted(float loss, int begin, int count) {
    return plan.loss().summed() ? loss : (double) loss * Math.min(batch, count - begin);
  }
}
