package io.trainyard.datasets;

import static java.util.Objects.requireNonNull;

import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a file of arrays from its beginning to its end, to know it and to refuse what is wrong. */
final class ArraysProfiler {
  private final ArraysSpec spec;
  private final DatasetBounds bounds;

  /** The different whole numbers of the targets, until there are too many; null for others. */
  private @Nullable SortedSet<Long> integers;

  private @Nullable ArrayProfile x;
  private @Nullable ArrayProfile y;

  private ArraysProfiler(ArraysSpec spec, DatasetBounds bounds) {
    this.spec = spec;
    this.bounds = bounds;
  }

  /**
   * Reads a file.
   *
   * @throws Problem of kind INVALID if file or spec are wrong
   */
  static ArraysProfile profile(ArraysSpec spec, Path file, DatasetBounds bounds)
      throws IOException {
    ArraysProfiler profiler = new ArraysProfiler(spec, bounds);
    spec.each(Files.newInputStream(file), bounds.unpacked(), profiler::take);
    return profiler.result();
  }

  private void take(ArrayReader array) throws IOException {
    if (array.shape().size(0) > bounds.rows()) {
      throw FileRefusal.of("the file has " + DatasetBounds.beyond("rows", bounds.rows(), "rows"));
    }
    if (array.place().inputs()) {
      Shape wanted = spec.inputShape();
      if (wanted != null) {
        FileArguments.checkShape(wanted, array.width(), "a row of x has");
      }
      x = scan(array, null);
    } else {
      boolean labels = array.type().whole() && array.width() == 1;
      integers = labels ? new TreeSet<>() : null;
      y = scan(array, integers);
    }
  }

  private static ArrayProfile scan(ArrayReader array, @Nullable SortedSet<Long> integers)
      throws IOException {
    Shape shape = array.shape();
    long count = shape.elements();
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (long i = 0; i < count; i++) {
      double value;
      if (integers == null) {
        value = array.nextFloat();
      } else {
        long whole = array.nextLong();
        value = whole;
        if (integers.size() <= Limits.TARGET_CLASSES) {
          integers.add(whole);
        }
      }
      if (!Double.isFinite(value)) {
        throw array.refusal("is not a finite float32");
      }
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
    }
    return new ArrayProfile(
        array.place().name(), array.type().dtype(), shape, min, max, sum / count);
  }

  private ArraysProfile result() {
    ArrayProfile inputs = requireNonNull(x);
    ArrayProfile targets = requireNonNull(y);
    if (inputs.rows() != targets.rows()) {
      throw FileRefusal.of(
          "x has " + inputs.rows() + " rows, y has " + targets.rows() + ": a row of each is one");
    }
    return new ArraysProfile(inputs, targets, target(targets));
  }

  private Target target(ArrayProfile targets) {
    return integers == null || integers.size() > Limits.TARGET_CLASSES
        ? new Target.Values(targets.row())
        : new Target.Integers(List.copyOf(integers));
  }
}
