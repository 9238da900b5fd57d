package io.trainyard.models.layers;

import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Shape;

/** Dimensions as torch counts them, the batch being dimension 0. */
final class Dimensions {
  private Dimensions() {}

  /** Refuses a dimension that a batch of such inputs does not have. */
  static void check(Argument<Integer> argument, int dim, Shape input) throws ShapeMismatch {
    int last = input.rank();
    if (dim < -last - 1 || dim > last) {
      throw new ShapeMismatch(
          argument.name(),
          "expected %d to %d for a batch of inputs of shape %s, got %d"
              .formatted(-last - 1, last, input, dim));
    }
  }

  /** The place in {@code input}'s own dimensions; -1 is the batch. */
  static int index(int dim, Shape input) {
    return dim < 0 ? input.rank() + dim : dim - 1;
  }
}
