package io.trainyard.models;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds gradients by formulas of a user's own against numeric differentiation. */
public interface Gradcheck {

  /** The name of the value's gradient in a formula of a gradient. */
  String GRAD_OUTPUT = "grad_output";

  /**
   * A forward with gradients of its own.
   *
   * @param forward an expression over the inputs
   * @param backward by input an expression over the inputs and {@link #GRAD_OUTPUT}
   * @param inputs the sizes of the inputs by their names
   */
  record Function(String forward, Map<String, String> backward, Map<String, List<Long>> inputs) {
    public Function {
      backward = Collections.unmodifiableMap(new LinkedHashMap<>(backward));
      inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }
  }

  /**
   * What was found of one input's gradient.
   *
   * @param elements of the input
   * @param checked how many of them, evenly spread, were differentiated numerically
   * @param numeric against central differences
   * @param autograd against the forward's own gradient; null if it has none there
   */
  record Check(long elements, int checked, Comparison numeric, @Nullable Comparison autograd) {}

  /**
   * A gradient against another one of the same input.
   *
   * @param maxAbsolute the largest absolute deviation
   * @param maxRelative the largest deviation relative to the larger of the two numbers
   * @param at where the absolute deviation is largest
   * @param backward the gradient there by the formula
   * @param expected the other one there
   * @param agrees whether all are as near as torch's gradcheck asks for
   */
  record Comparison(
      double maxAbsolute,
      double maxRelative,
      List<Long> at,
      double backward,
      double expected,
      boolean agrees) {}

  /**
   * Checks a function at random inputs.
   *
   * @return by input, in their order; null for one without a formula
   * @throws io.trainyard.shared.Problem of kind INVALID if the engine refuses, or for the reasons
   *     of the process that calculates
   */
  Map<String, @Nullable Check> check(Function function);
}
