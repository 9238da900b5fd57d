package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.ReLU: {@code max(0, x)}. */
record ReLU() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("ReLU", a -> new ReLU());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.relu(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return graph.op("Relu", x);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.threshold_backward(%s, %s, 0)".formatted(gradient, y));
  }
}
