package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Hardswish: {@code x · clamp(x + 3, 0, 6) / 6}. */
record Hardswish() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("Hardswish", a -> new Hardswish());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.hardswish(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return graph.op("HardSwish", x);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.hardswish_backward(%s, %s)".formatted(gradient, x));
  }
}
