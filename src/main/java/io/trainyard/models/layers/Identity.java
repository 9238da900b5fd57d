package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Identity: {@code x}. */
record Identity() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("Identity", a -> new Identity());

  @Override
  public String forward(String x, Scope scope) {
    return x;
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return x;
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(gradient);
  }
}
