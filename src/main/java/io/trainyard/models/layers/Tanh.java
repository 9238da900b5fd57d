package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Tanh: {@code tanh(x)}. */
record Tanh() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("Tanh", a -> new Tanh());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.tanh(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return graph.op("Tanh", x);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.tanh_backward(%s, %s)".formatted(gradient, y));
  }
}
