package io.trainyard.models;

import io.trainyard.shared.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a model: a torch.nn class as data. An implementation is a small record that is
 * registered in {@link io.trainyard.models.layers.Layers}, and all that the service knows of it:
 * arguments, shapes, parameters with torch's initialisation, and the operator it stands for.
 */
public interface Layer {

  /**
   * The shape of one output for one input, without the batch dimension.
   *
   * @throws ShapeMismatch if inputs of that shape do not fit
   */
  Shape output(Shape input) throws ShapeMismatch;

  /** The input shape that the arguments alone fix, or null if many shapes fit. */
  default @Nullable Shape impliedInput() {
    return null;
  }

  /** The learned parameters, in the order in which torch draws their initial values. */
  default List<Parameter> parameters() {
    return List.of();
  }

  /**
   * State that is not learned but travels with the model (torch's buffers), as batch statistics.
   */
  default List<Parameter> buffers() {
    return List.of();
  }

  /**
   * The fewest rows that a batch of such inputs may have.
   *
   * @param training whether the batch trains, or is evaluated
   */
  default int minimumRows(Shape input, boolean training) {
    return 1;
  }

  /** Statements that a step of the training runs before {@link #forward}. */
  default List<String> beforeTraining(Scope scope) {
    return List.of();
  }

  /**
   * The layer's output as a TorchScript expression in serialized form (operators as {@code
   * torch.linear(…)}).
   *
   * @param x the name of the input, of shape [batch, …input]
   */
  String forward(String x, Scope scope);

  /** Whether the output has a gradient with respect to the input. */
  default boolean passesGradient() {
    return true;
  }

  /** Whether the output has a gradient with respect to a parameter. */
  default boolean learns(Parameter parameter) {
    return true;
  }

  /** Gradients by the layer's own formulas, or null to leave them to autograd. */
  default @Nullable Backward backward() {
    return null;
  }

  /**
   * Formulas of gradients as TorchScript expressions: of the input if {@link #passesGradient()}, of
   * the parameters that it {@link #learns}.
   */
  interface Backward {
    /**
     * The gradient of the input.
     *
     * @param x the variable of the input
     * @param gradOutput the variable of the output's gradient
     */
    String ofInput(String x, String gradOutput, Scope scope);

    /** The gradient of a parameter. */
    String ofParameter(Parameter parameter, String x, String gradOutput, Scope scope);
  }

  /** The names that a layer's expression can use. */
  interface Scope {
    /** The variable that holds one of this layer's {@link #parameters()}. */
    String parameter(String name);

    /** The variable that holds one of this layer's {@link #buffers()}. */
    String buffer(String name);

    /** A boolean: {@code True} in training, {@code False} in evaluation. */
    String training();
  }
}
