package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/**
 * torch.nn.Softplus: {@code log(1 + exp(beta · x)) / beta}, and {@code x} itself where {@code beta
 * · x} is above the threshold.
 */
record Softplus(double beta, double threshold) implements Elementwise {
  private static final Argument<Double> BETA =
      Argument.number("beta")
          .matching(
              beta -> beta != 0,
              "a number other than 0",
              schema -> schema.putObject("not").put("const", 0))
          .orElse(1.0);
  private static final Argument<Double> THRESHOLD = Argument.number("threshold").orElse(20.0);

  static final Kind<Layer> KIND =
      Kind.of("Softplus", a -> new Softplus(a.get(BETA), a.get(THRESHOLD)), BETA, THRESHOLD);

  @Override
  public String forward(String x, Scope scope) {
    return "torch.softplus(" + x + ", " + beta + ", " + threshold + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return Activations.softplus(graph, x, beta, threshold);
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput(
        "torch.softplus_backward(%s, %s, %s, %s)".formatted(gradient, x, beta, threshold));
  }
}
