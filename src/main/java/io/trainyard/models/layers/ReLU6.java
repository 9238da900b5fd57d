package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.ReLU6: {@code clamp(x, 0, 6)}. */
record ReLU6() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("ReLU6", a -> new ReLU6());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.relu6(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.clip(graph, x, 0, 6);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.hardtanh_backward(%s, %s, 0, 6)".formatted(gradient, x));
  }
}
