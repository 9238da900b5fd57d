package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Mish: {@code x · tanh(softplus(x))} (Misra, 2019). */
record Mish() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("Mish", a -> new Mish());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.mish(" + x + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.mish(graph, x);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.mish_backward(%s, %s)".formatted(gradient, x));
  }
}
