package io.trainyard.training.djl;

import ai.djl.ndarray.types.Shape;

/** Between the service's shapes and DJL's. */
final class Tensors {
  private Tensors() {}

  static Shape shape(io.trainyard.shared.Shape shape) {
    return new Shape(shape.dimensions().stream().mapToLong(Integer::longValue).toArray());
  }

  /** With a first dimension of rows. */
  static Shape batch(long rows, io.trainyard.shared.Shape shape) {
    return new Shape(rows).addAll(shape(shape));
  }
}
