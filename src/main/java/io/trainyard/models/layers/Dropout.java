package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Dropout: in training, zeros with probability p and the rest scaled by 1/(1-p). */
record Dropout(double p) implements Elementwise {
  private static final Argument<Double> P = Argument.number("p").atLeast(0).atMost(1).orElse(0.5);

  static final Kind<Layer> KIND = Kind.of("Dropout", a -> new Dropout(a.get(P)), P);

  @Override
  public boolean draws() {
    return true;
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.dropout(" + x + ", " + p + ", " + scope.training() + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return x;
  }
}
