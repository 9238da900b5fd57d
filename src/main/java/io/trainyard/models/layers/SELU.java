package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.shared.Kind;

/**
 * torch.nn.SELU: {@code 1.0507 · (x where positive, else 1.67326 · (exp(x) - 1))} (Klambauer et
 * al., 2017).
 */
record SELU() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("SELU", a -> new SELU());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.selu(" + x + ")";
  }
}
