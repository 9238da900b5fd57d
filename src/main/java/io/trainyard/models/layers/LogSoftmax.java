package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import java.util.List;

/** torch.nn.LogSoftmax: {@code log(exp(x) / sum(exp(x)))} along a dimension. */
record LogSoftmax(int dim) implements Layer {
  private static final Argument<Integer> DIM = Argument.integer("dim");

  static final Kind<Layer> KIND = Kind.of("LogSoftmax", a -> new LogSoftmax(a.get(DIM)), DIM);

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    Dimensions.check(DIM, dim, input);
    return input;
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.log_softmax(" + x + ", " + dim + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return graph.node("LogSoftmax", List.of(x), "axis", dim);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(
        "torch._log_softmax_backward_data(%s, %s, %d, 6)".formatted(gradient, y, dim));
  }
}
