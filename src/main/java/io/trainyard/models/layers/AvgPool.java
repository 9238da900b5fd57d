package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Sizes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * torch.nn.AvgPool1d and AvgPool2d: the mean of each window.
 *
 * @param countIncludePad whether a window that reaches into the padding counts the zeros there
 * @param divisor divides the sum instead of the window's size; null in one dimension
 */
record AvgPool(Window window, boolean ceilMode, boolean countIncludePad, @Nullable Integer divisor)
    implements Layer {
  private static final Argument<Boolean> CEIL = Argument.flag("ceil_mode").orElse(false);
  private static final Argument<Boolean> COUNT = Argument.flag("count_include_pad").orElse(true);
  private static final Argument<Integer> DIVISOR =
      Argument.integer("divisor_override")
          .matching(
              divisor -> divisor != 0,
              "a whole number other than 0",
              schema -> schema.putObject("not").put("const", 0))
          .optional();

  static final Kind<Layer> AVG_POOL1D;
  static final Kind<Layer> AVG_POOL2D;

  static {
    Argument<Sizes> kernel = Window.kernelSize(1);
    Argument<Sizes> stride = Window.stride(1).optional();
    Argument<Sizes> padding = padding(1);
    AVG_POOL1D =
        Kind.of(
            "AvgPool1d",
            a ->
                new AvgPool(window(a, 1, kernel, stride, padding), a.get(CEIL), a.get(COUNT), null),
            kernel,
            stride,
            padding,
            CEIL,
            COUNT);
  }

  static {
    Argument<Sizes> kernel = Window.kernelSize(2);
    Argument<Sizes> stride = Window.stride(2).optional();
    Argument<Sizes> padding = padding(2);
    AVG_POOL2D =
        Kind.of(
            "AvgPool2d",
            a ->
                new AvgPool(
                    window(a, 2, kernel, stride, padding),
                    a.get(CEIL),
                    a.get(COUNT),
                    a.find(DIVISOR)),
            kernel,
            stride,
            padding,
            CEIL,
            COUNT,
            DIVISOR);
  }

  private static Argument<Sizes> padding(int dimensions) {
    return Argument.sizes("padding", dimensions).atLeast(0).orElse(Sizes.of(0));
  }

  private static Window window(
      Arguments a,
      int dimensions,
      Argument<Sizes> kernel,
      Argument<Sizes> stride,
      Argument<Sizes> padding) {
    Window window =
        new Window(
            a.get(kernel).each(dimensions),
            Objects.requireNonNullElse(a.find(stride), a.get(kernel)).each(dimensions),
            a.get(padding).each(dimensions),
            Collections.nCopies(dimensions, 1));
    return window.checkPooling(padding);
  }

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    window.checkChannels(input);
    return window.output(input, ceilMode);
  }

  @Override
  public String forward(String x, Scope scope) {
    int dimensions = window.kernel().size();
    return "torch.avg_pool%dd(%s, %s, %s, %s, %s, %s%s)"
        .formatted(
            dimensions,
            x,
            window.kernel(),
            window.stride(),
            window.padding(),
            ceilMode ? "True" : "False",
            countIncludePad ? "True" : "False",
            dimensions == 1 ? "" : ", " + (divisor == null ? "None" : divisor));
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    List<Integer> reach = window.reach(input, output);
    if (divisor != null) {
      int elements = window.kernel().stream().reduce(1, (a, b) -> a * b);
      String mean = averages(x, reach, true, graph);
      return graph.op("Mul", mean, graph.scalar((double) elements / divisor));
    }
    if (!countIncludePad) {
      return averages(x, reach, false, graph);
    }
    // The padding counts, what ceil_mode adds behind it does not.
    List<Long> pads = new ArrayList<>();
    List<Integer> beyond = new ArrayList<>();
    int dimensions = window.kernel().size();
    for (int end = 0; end < 2; end++) {
      pads.addAll(List.of(0L, 0L));
      for (int i = 0; i < dimensions; i++) {
        int padding = window.padding().get(i);
        pads.add((long) padding);
        beyond.add(end == 0 ? 0 : Math.max(0, reach.get(dimensions + i) - padding));
      }
    }
    boolean padded = window.padding().stream().anyMatch(size -> size > 0);
    String wide = padded ? graph.op("Pad", x, graph.ints(pads)) : x;
    return averages(wide, beyond, false, graph);
  }

  private String averages(String x, List<Integer> pads, boolean countsPads, Graph graph) {
    return graph.node(
        "AveragePool",
        List.of(x),
        "kernel_shape",
        window.kernel(),
        "strides",
        window.stride(),
        "pads",
        pads,
        "count_include_pad",
        countsPads ? 1 : 0);
  }
}
