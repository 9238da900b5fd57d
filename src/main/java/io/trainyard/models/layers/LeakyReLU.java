package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** torch.nn.LeakyReLU: {@code x} where positive, else {@code negative_slope · x}. */
record LeakyReLU(double negativeSlope) implements Elementwise {
  private static final Argument<Double> SLOPE = Argument.number("negative_slope").orElse(0.01);

  static final Kind<Layer> KIND = Kind.of("LeakyReLU", a -> new LeakyReLU(a.get(SLOPE)), SLOPE);

  @Override
  public String forward(String x, Scope scope) {
    return "torch.leaky_relu(" + x + ", " + negativeSlope + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.leakyRelu(graph, x, negativeSlope);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(
        "torch.leaky_relu_backward(%s, %s, %s, False)".formatted(gradient, x, negativeSlope));
  }
}
