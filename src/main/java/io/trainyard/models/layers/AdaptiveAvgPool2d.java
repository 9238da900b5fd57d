package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.onnx.ElementType;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Sizes;
import java.util.Arrays;
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

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    // The mean over a rectangle is that over its rows of those over its columns.
    String rows = means(input.size(1), outputSize.get(0), true, graph);
    String columns = means(input.size(2), outputSize.get(1), false, graph);
    return graph.op("MatMul", rows, graph.op("MatMul", x, columns));
  }

  /** A matrix that takes the means of the windows along one dimension, from its left or right. */
  private static String means(int size, int windows, boolean left, Graph graph) {
    Double[] matrix = new Double[windows * size];
    Arrays.fill(matrix, 0.0);
    for (int i = 0; i < windows; i++) {
      int start = (int) ((long) i * size / windows);
      int end = (int) (((i + 1L) * size + windows - 1) / windows);
      for (int j = start; j < end; j++) {
        matrix[left ? i * size + j : j * windows + i] = 1.0 / (end - start);
      }
    }
    List<Long> sizes =
        left ? List.of((long) windows, (long) size) : List.of((long) size, (long) windows);
    return graph.constant(ElementType.FLOAT32, sizes, List.of(matrix));
  }
}
