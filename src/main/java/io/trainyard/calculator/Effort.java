package io.trainyard.calculator;

import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.expressions.TensorType;
import io.trainyard.shared.Problem;
import java.util.Map;

/** What one calculation may take: a short expression can mean tensors of any size. */
final class Effort {
  private static final long MAX_ELEMENTS = 1 << 24;

  private Effort() {}

  /**
   * Bounds the memory of a calculation, and with it most of its time.
   *
   * @throws Problem of kind INVALID if it is too large
   */
  static void check(Expression expression, Map<String, TensorType> types)
      throws ExpressionException {
    double elements = expression.elements(types);
    if (elements > MAX_ELEMENTS) {
      throw Problem.invalid(
          "/expression",
          "the tensors on the way to the value have %.0f elements, at most %d in all"
              .formatted(elements, MAX_ELEMENTS));
    }
  }
}
