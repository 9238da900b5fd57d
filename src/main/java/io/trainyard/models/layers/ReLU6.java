package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.shared.Kind;

/** torch.nn.ReLU6: {@code clamp(x, 0, 6)}. */
record ReLU6() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("ReLU6", a -> new ReLU6());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.relu6(" + x + ")";
  }
}
