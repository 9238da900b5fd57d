package io.trainyard.training;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A torch loss as data: what it accepts and the operator it stands for. */
public interface Loss {

  /**
   * Settles how this loss sees a dataset's target.
   *
   * @param output the shape of one output of the model
   * @return the target as this loss takes it, classes or values
   * @throws ShapeMismatch if the outputs or the target do not fit the loss
   */
  Target accept(Shape output, Target target) throws ShapeMismatch;

  /** Float vectors that the expression uses, by name. */
  default Map<String, List<Double>> constants() {
    return Map.of();
  }

  /**
   * The loss as a TorchScript expression in serialized form.
   *
   * @param prediction the model's output, [batch, …output]
   * @param target int64 classes, [batch], or float values, [batch, …shape]
   */
  String expression(String prediction, String target, Scope scope);

  /**
   * The loss and its gradient in operators of its own, those that autograd would call.
   *
   * @param prediction the model's output, [batch, …output]
   * @param target as for {@link #expression}
   * @param kind of the target, as {@link #accept} gave it
   * @return null to leave the gradient to autograd
   */
  default @Nullable Differentiated differentiated(
      String prediction, String target, Target kind, Scope scope) {
    return null;
  }

  /**
   * A loss with its gradient.
   *
   * @param statements set {@code loss}; other names begin with {@code loss_}
   * @param gradient an expression: of the prediction's shape, for a gradient of {@code one}
   */
  record Differentiated(List<String> statements, String gradient) {}

  /** What the outputs of a model that this loss trains stand for. */
  default Outputs outputs() {
    return Outputs.VALUES;
  }

  /** Meanings of outputs. */
  enum Outputs {
    /** One number per class, whose softmax are probabilities. */
    LOGITS,
    /** Logarithms of the classes' probabilities. */
    LOG_PROBABILITIES,
    /** Each for itself: its sigmoid is a probability. */
    BINARY_LOGITS,
    /** Each for itself a probability. */
    BINARY_PROBABILITIES,
    /** What they are, nothing else is known. */
    VALUES
  }

  /** Whether it is the sum over the batch rather than the mean ({@code reduction="sum"}). */
  boolean summed();

  /** The names that a loss's expression can use. */
  interface Scope {
    /** The variable that holds one of the loss's {@link #constants()}. */
    String constant(String name);
  }
}
