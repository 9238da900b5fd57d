package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.GELU: {@code x · Φ(x)}, exact or by tanh (Hendrycks and Gimpel, 2016). */
record GELU(String approximate) implements Elementwise {
  private static final Argument<String> APPROXIMATE =
      Argument.oneOf("approximate", "none", "tanh").orElse("none");

  static final Kind<Layer> KIND = Kind.of("GELU", a -> new GELU(a.get(APPROXIMATE)), APPROXIMATE);

  @Override
  public String forward(String x, Scope scope) {
    return "torch.gelu(" + x + ", approximate=\"" + approximate + "\")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.gelu(graph, x, approximate);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(
        "torch.gelu_backward(%s, %s, approximate=\"%s\")".formatted(gradient, x, approximate));
  }
}
