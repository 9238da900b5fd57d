package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.shared.Kind;

/** torch.nn.Tanh: {@code tanh(x)}. */
record Tanh() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("Tanh", a -> new Tanh());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.tanh(" + x + ")";
  }
}
