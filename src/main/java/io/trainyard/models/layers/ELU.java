package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.ELU: {@code x} where positive, else {@code alpha · (exp(x) - 1)}. */
record ELU(double alpha) implements Elementwise {
  private static final Argument<Double> ALPHA = Argument.number("alpha").orElse(1.0);

  static final Kind<Layer> KIND = Kind.of("ELU", a -> new ELU(a.get(ALPHA)), ALPHA);

  @Override
  public String forward(String x, Scope scope) {
    return "torch.elu(" + x + ", " + alpha + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.elu(graph, x, alpha);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(
        "torch.elu_backward(%s, %s, 1, 1, False, %s)".formatted(gradient, alpha, x));
  }
}
