package io.trainyard.datasets;

import io.trainyard.shared.Shape;

/**
 * What an array holds.
 *
 * @param dtype as NumPy has it, such as "float32"
 * @param shape with the rows
 */
public record ArrayProfile(
    String name, String dtype, Shape shape, double min, double max, double mean) {

  int rows() {
    return shape.size(0);
  }

  /** The shape of one row: [1] where a row is one number. */
  Shape row() {
    return shape.rank() == 1 ? Shape.of(1) : new Shape(shape.dimensions().subList(1, shape.rank()));
  }
}
