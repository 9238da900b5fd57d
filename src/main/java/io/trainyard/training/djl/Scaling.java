package io.trainyard.training.djl;

import io.trainyard.datasets.Normalization;
import io.trainyard.training.FeatureScaling;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fits feature scaling to the training rows. */
final class Scaling {
  private Scaling() {}

  /**
   * Takes the statistics of some rows.
   *
   * @param features row after row, {@code width} numbers each
   * @param rows the rows that train
   * @param kind STANDARD or MINMAX
   */
  static FeatureScaling fit(FloatBuffer features, int width, long[] rows, Normalization kind) {
    double[] min = new double[width];
    double[] max = new double[width];
    Arrays.fill(min, Double.POSITIVE_INFINITY);
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    double[] mean = new double[width];
    double[] squares = new double[width];
    long count = 0;
    for (long row : rows) {
      count++;
      int at = Math.toIntExact(row * width);
      for (int i = 0; i < width; i++) {
        double value = features.get(at + i);
        min[i] = Math.min(min[i], value);
        max[i] = Math.max(max[i], value);
        // Welford's recurrence: no cancellation for features far from 0.
        double delta = value - mean[i];
        mean[i] += delta / count;
        squares[i] += delta * (value - mean[i]);
      }
    }
    List<Double> offset = new ArrayList<>(width);
    List<Double> scale = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      boolean constant = min[i] == max[i];
      boolean standard = kind == Normalization.STANDARD && !constant;
      offset.add(standard ? mean[i] : min[i]);
      scale.add(constant ? 1.0 : standard ? Math.sqrt(squares[i] / count) : max[i] - min[i]);
    }
    return new FeatureScaling(offset, scale);
  }
}
