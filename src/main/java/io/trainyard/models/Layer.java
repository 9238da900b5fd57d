package io.trainyard.models;

import io.trainyard.onnx.Graph;
import io.trainyard.onnx.NotInOnnx;
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

  /**
   * Whether {@link #forward} draws from torch's generator in training. How much, must depend on the
   * input's shape alone: a training that is resumed draws the same for inputs of zeros.
   */
  default boolean draws() {
    return false;
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

  /**
   * Adds the layer in evaluation mode to a graph of ONNX.
   *
   * @param x the value that is the input, float32 of shape [batch, …input]
   * @param input the shape of one input, which fits the layer
   * @param output the shape of one output
   * @return the value that is the output
   * @throws NotInOnnx if ONNX has no operator for what the layer does
   */
  String onnx(String x, Shape input, Shape output, Graph graph) throws NotInOnnx;

  /** Whether the output has a gradient with respect to the input. */
  default boolean passesGradient() {
    return true;
  }

  /** Whether the output has a gradient with respect to a parameter. */
  default boolean learns(Parameter parameter) {
    return true;
  }

  /**
   * The layer's gradients in operators of its own. A model whose layers all have them trains
   * without autograd, in half the time or less where steps are small.
   *
   * @param x the name of the input
   * @param y the name of the output
   * @param gradient the name of the output's gradient, of the output's shape
   * @return null to leave the gradients to autograd
   */
  default @Nullable Backward backward(String x, String y, String gradient, Scope scope) {
    return null;
  }

  /** Whether {@link #backward} gives other gradients than autograd would, and so must be used. */
  default boolean replacesAutograd() {
    return false;
  }

  /**
   * What {@link #backward} computes as expressions, so that it can be checked; null where these are
   * autograd's own gradients.
   *
   * @param rows of the batch
   */
  default Gradcheck.@Nullable Function ownGradients(Shape input, int rows) {
    return null;
  }

  /** The names that a layer's expression can use. */
  interface Scope {
    /** The variable that holds one of this layer's {@link #parameters()}. */
    String parameter(String name);

    /** The variable that holds one of this layer's {@link #buffers()}. */
    String buffer(String name);

    /** A boolean: {@code True} in training, {@code False} in evaluation. */
    String training();

    /**
     * The expression of {@code x·Wᵀ + b}.
     *
     * @param x [batch, …, in]
     * @param weight [out, in]
     * @param bias [out], or {@code None}
     */
    default String linear(String x, String weight, String bias) {
      return "torch.linear(" + x + ", " + weight + ", " + bias + ")";
    }

    /**
     * The expression of {@code a·b}.
     *
     * @param a [n, …, m]
     * @param b [m, p]
     */
    default String matmul(String a, String b) {
      return "torch.matmul(" + a + ", " + b + ")";
    }
  }
}
