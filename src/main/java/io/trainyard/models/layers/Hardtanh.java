package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.Hardtanh: {@code clamp(x, min_val, max_val)}. */
record Hardtanh(double minVal, double maxVal) implements Elementwise {
  private static final Argument<Double> MIN = Argument.number("min_val").orElse(-1.0);
  private static final Argument<Double> MAX = Argument.number("max_val").orElse(1.0);

  static final Kind<Layer> KIND = Kind.of("Hardtanh", Hardtanh::read, MIN, MAX);

  private static Hardtanh read(Arguments a) {
    if (a.get(MAX) <= a.get(MIN)) {
      throw Arguments.refuse(MAX, "expected a number above min_val, got " + a.get(MAX));
    }
    return new Hardtanh(a.get(MIN), a.get(MAX));
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.hardtanh(" + x + ", " + minVal + ", " + maxVal + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.clip(graph, x, minVal, maxVal);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(
        "torch.hardtanh_backward(%s, %s, %s, %s)".formatted(gradient, x, minVal, maxVal));
  }
}
