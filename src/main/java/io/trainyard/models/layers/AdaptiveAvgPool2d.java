package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Sizes;
import java.util.List;

/**
 * torch.nn.AdaptiveAvgPool2d: means of windows that are chosen to give {@code output_size}.
 * [channels, height, width] to [channels, …output_size].
 */
record AdaptiveAvgPool2d(List<Integer> outputSize) implements Layer {
  private static final Argument<Sizes> SIZE = Argument.sizes("output_size", 2).atLeast(1);

  static final Kind<Layer> KIND =
      Kind.of("AdaptiveAvgPool2d", a -> new AdaptiveAvgPool2d(a.get(SIZE).each(2)), SIZE);

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    if (input.rank() != 3) {
      throw Window.mismatch("", 2, input);
    }
    return Shape.of(input.size(0), outputSize.get(0), outputSize.get(1));
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.adaptive_avg_pool2d(" + x + ", " + outputSize + ")";
  }
}
