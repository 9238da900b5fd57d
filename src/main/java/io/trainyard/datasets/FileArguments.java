package io.trainyard.datasets;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members that the specs of all files have. */
final class FileArguments {
  static final List<String> FORMATS = List.of(CsvSpec.CSV, ArraysSpec.NPZ, ArraysSpec.IDX);
  static final Argument<List<Integer>> INPUT_SHAPE =
      Argument.integers("input_shape").atLeast(1).optional();
  static final Argument<String> NORMALIZE =
      Argument.oneOf("normalize", "none", "standard", "minmax").orElse("none");

  private FileArguments() {}

  static @Nullable Shape inputShape(Arguments members, String pointer, Errors errors) {
    List<Integer> shape = members.find(INPUT_SHAPE);
    if (shape != null && shape.isEmpty()) {
      errors.add(pointer + "/input_shape", "needs at least one dimension");
    }
    return shape == null ? null : new Shape(shape);
  }

  /**
   * Sees that a row fits the shape that it is given.
   *
   * @param width how many numbers a row has
   * @param whence the end of the message: what gives them
   */
  static void checkShape(Shape shape, long width, String whence) {
    boolean fits;
    try {
      fits = shape.elements() == width;
    } catch (ArithmeticException e) {
      fits = false;
    }
    if (!fits) {
      throw Problem.invalid(
          "/input_shape", shape + " does not hold the " + width + " values that " + whence);
    }
  }
}
