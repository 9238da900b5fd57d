package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/**
 * torch.nn.SELU: {@code 1.0507 · (x where positive, else 1.67326 · (exp(x) - 1))} (Klambauer et
 * al., 2017).
 */
record SELU() implements Elementwise {
  private static final double ALPHA = 1.6732632423543772;
  private static final double SCALE = 1.0507009873554805;

  static final Kind<Layer> KIND = Kind.of("SELU", a -> new SELU());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.selu(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.selu(graph, x);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(
        "torch.elu_backward(%s, %s, %s, 1, False, %s)".formatted(gradient, ALPHA, SCALE, x));
  }
}
