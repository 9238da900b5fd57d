package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Softsign: {@code x / (1 + |x|)}. */
record Softsign() implements Elementwise {
  static final Kind<Layer> KIND = Kind.of("Softsign", a -> new Softsign());

  @Override
  public String forward(String x, Scope scope) {
    return "torch.div(%1$s, torch.add(torch.abs(%1$s), 1))".formatted(x);
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return graph.op("Softsign", x);
  }
}
