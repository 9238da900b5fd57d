package io.trainyard.training;

import io.trainyard.models.Gradcheck;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calculations that are asked for and answered at once, one at a time in a process. */
public interface Calculations {

  /** Something that the engine does not calculate for these values, with its reason. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    public Refused(String reason) {
      super(reason);
    }

    public String reason() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * A tensor of a question.
   *
   * @param requiresGrad whether its gradient is asked for
   */
  record Input(TensorData data, boolean requiresGrad) {}

  /**
   * An expression whose value and gradients are asked for.
   *
   * @param tensors by their names in the expression
   * @param gradOutput the gradient of the value, of its type; null for 1, where the value is a
   *     single number
   */
  record Question(String expression, Map<String, Input> tensors, @Nullable TensorData gradOutput) {
    public Question {
      tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
  }

  /**
   * An expression's value and gradients.
   *
   * @param gradients of each tensor that asked for it; null if it does not reach the value
   */
  record Answer(TensorData value, Map<String, @Nullable TensorData> gradients) {
    public Answer {
      gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    }
  }

  /**
   * Calculates an expression and its gradients by autograd.
   *
   * @throws Refused if the engine refuses the values
   * @throws IllegalArgumentException if the expression is none over these tensors
   */
  Answer gradients(Question question) throws Refused;

  /**
   * Compares a function's own gradients with its numeric ones and with autograd's.
   *
   * @return by input, in their order; null for one without a formula
   * @throws Refused if the engine refuses the values
   * @throws IllegalArgumentException if an expression is none over the inputs
   */
  Map<String, Gradcheck.@Nullable Check> gradcheck(Gradcheck.Function function) throws Refused;
}
