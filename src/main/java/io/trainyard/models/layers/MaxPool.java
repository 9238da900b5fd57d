package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Sizes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** torch.nn.MaxPool1d and MaxPool2d: the largest number in each window. */
record MaxPool(Window window, boolean ceilMode) implements Layer {
  private static final Argument<Boolean> CEIL = Argument.flag("ceil_mode").orElse(false);

  static final Kind<Layer> MAX_POOL1D = kind("MaxPool1d", 1);
  static final Kind<Layer> MAX_POOL2D = kind("MaxPool2d", 2);

  private static Kind<Layer> kind(String type, int dimensions) {
    Argument<Sizes> kernel = Window.kernelSize(dimensions);
    Argument<Sizes> stride = Window.stride(dimensions).optional();
    Argument<Sizes> padding = Argument.sizes("padding", dimensions).atLeast(0).orElse(Sizes.of(0));
    Argument<Sizes> dilation = Window.dilation(dimensions);
    return Kind.of(
        type,
        a -> {
          Window window =
              new Window(
                  a.get(kernel).each(dimensions),
                  Objects.requireNonNullElse(a.find(stride), a.get(kernel)).each(dimensions),
                  a.get(padding).each(dimensions),
                  a.get(dilation).each(dimensions));
          return new MaxPool(window.checkPooling(padding), a.get(CEIL));
        },
        kernel,
        stride,
        padding,
        dilation,
        CEIL);
  }

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    window.checkChannels(input);
    return window.output(input, ceilMode);
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.max_pool%dd(%s, %s, %s, %s, %s, %s)"
        .formatted(
            window.kernel().size(),
            x,
            window.kernel(),
            window.stride(),
            window.padding(),
            window.dilation(),
            ceilMode ? "True" : "False");
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    List<Integer> reach = window.reach(input, output);
    String wide = x;
    if (ceilMode) {
      // What a last window takes behind the input may be more than MaxPool allows as padding.
      List<Integer> pads = new ArrayList<>(List.of(0, 0));
      pads.addAll(reach.subList(0, window.kernel().size()));
      pads.addAll(List.of(0, 0));
      pads.addAll(reach.subList(window.kernel().size(), reach.size()));
      wide = graph.op("Pad", x, graph.ints(pads), graph.scalar(Double.NEGATIVE_INFINITY));
      reach = Collections.nCopies(reach.size(), 0);
    }
    return graph.node(
        "MaxPool",
        List.of(wide),
        "kernel_shape",
        window.kernel(),
        "strides",
        window.stride(),
        "dilations",
        window.dilation(),
        "pads",
        reach);
  }
}
