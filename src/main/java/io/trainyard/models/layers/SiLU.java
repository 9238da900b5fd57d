package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.SiLU: {@code x · sigmoid(x)}. */
record SiLU() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("SiLU", a -> new SiLU());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.silu(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.silu(graph, x);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.silu_backward(%s, %s)".formatted(gradient, x));
  }
}
