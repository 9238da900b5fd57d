package io.trainyard.training.losses;

import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Factors of a loss: one for all, or one for each place of the outputs' last dimension. */
final class LastDimension {
  static final Argument<List<Double>> WEIGHT = Argument.numbers("weight").atLeast(0).optional();

  private LastDimension() {}

  static void check(Argument<List<Double>> argument, @Nullable List<Double> factors, Shape output)
      throws ShapeMismatch {
    if (factors != null
        && factors.size() != 1
        && (output.rank() == 0 || factors.size() != output.size(-1))) {
      throw new ShapeMismatch(
          argument.name(),
          "expected one number, or one per last dimension of the outputs' shape " + output);
    }
  }

  static String variable(
      Argument<List<Double>> argument, @Nullable List<Double> factors, Loss.Scope scope) {
    return factors == null ? "None" : scope.constant(argument.name());
  }
}
