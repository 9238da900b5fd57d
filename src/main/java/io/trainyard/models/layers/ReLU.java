package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.ReLU: {@code max(0, x)}. */
record ReLU() implements Layer {
  static final Kind<Layer> KIND = Kind.of("ReLU", a -> new ReLU());

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.relu(" + x + ")";
  }
}
