package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Sigmoid: {@code 1 / (1 + exp(-x))}. */
record Sigmoid() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("Sigmoid", a -> new Sigmoid());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.sigmoid(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return graph.op("Sigmoid", x);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.sigmoid_backward(%s, %s)".formatted(gradient, y));
  }
}
