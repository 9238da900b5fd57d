package io.trainyard.models.layers;

import io.trainyard.models.Init;
import io.trainyard.models.Layer;
import io.trainyard.models.Parameter;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.models.inits.Inits;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Sizes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * torch.nn.Conv1d and Conv2d: {@code y[o] = b[o] + Σ_i W[o, i] ⋆ x[i]}, the cross-correlation over
 * the input channels of the output channel's group. [in_channels, …] to [out_channels, …].
 *
 * @param padding numbers, or "same" or "valid"
 * @param paddingMode what stands in the padding: zeros, or of the input its mirror image
 *     ("reflect"), its border ("replicate") or its other end ("circular")
 */
record Convolution(
    int inChannels,
    int outChannels,
    Window window,
    Sizes padding,
    int groups,
    boolean bias,
    String paddingMode)
    implements Layer {
  private static final Argument<Integer> IN = Argument.integer("in_channels").atLeast(1);
  private static final Argument<Integer> OUT = Argument.integer("out_channels").atLeast(1);
  private static final Argument<Integer> GROUPS = Argument.integer("groups").atLeast(1).orElse(1);
  private static final Argument<Boolean> BIAS = Argument.flag("bias").orElse(true);
  private static final String ZEROS = "zeros";
  private static final Argument<String> PADDING_MODE =
      Argument.oneOf("padding_mode", ZEROS, "reflect", "replicate", "circular").orElse(ZEROS);
  private static final String SAME = "same";

  static final Kind<Layer> CONV1D = kind("Conv1d", 1);
  static final Kind<Layer> CONV2D = kind("Conv2d", 2);

  private static Kind<Layer> kind(String type, int dimensions) {
    Argument<Sizes> kernel = Window.kernelSize(dimensions);
    Argument<Sizes> stride = Window.stride(dimensions).orElse(Sizes.of(1));
    Argument<Sizes> padding =
        Argument.sizes("padding", dimensions, SAME, "valid").atLeast(0).orElse(Sizes.of(0));
    Argument<Sizes> dilation = Window.dilation(dimensions);
    return Kind.of(
        type,
        a -> {
          divides(a, IN);
          divides(a, OUT);
          Sizes around = a.get(padding);
          List<Integer> steps = a.get(stride).each(dimensions);
          if (SAME.equals(around.word()) && steps.stream().anyMatch(step -> step != 1)) {
            throw Arguments.refuse(padding, "\"same\" needs a stride of 1");
          }
          Sizes numbers = around.word() == null ? around : Sizes.of(0);
          Window window =
              new Window(
                  a.get(kernel).each(dimensions),
                  steps,
                  numbers.each(dimensions),
                  a.get(dilation).each(dimensions));
          return new Convolution(
              a.get(IN),
              a.get(OUT),
              window,
              around,
              a.get(GROUPS),
              a.get(BIAS),
              a.get(PADDING_MODE));
        },
        IN,
        OUT,
        kernel,
        stride,
        padding,
        dilation,
        GROUPS,
        BIAS,
        PADDING_MODE,
        Inits.ARGUMENT);
  }

  private static void divides(Arguments a, Argument<Integer> channels) {
    if (a.get(channels) % a.get(GROUPS) != 0) {
      throw Arguments.refuse(
          channels,
          "expected a multiple of groups, %d, got %d".formatted(a.get(GROUPS), a.get(channels)));
    }
  }

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    window.checkChannels(input);
    if (input.size(0) != inChannels) {
      throw new ShapeMismatch(
          IN.name(), "expected " + inChannels + ", the layer before gives " + input.size(0));
    }
    checkAround(input);
    Shape moved = SAME.equals(padding.word()) ? input : window.output(input, false);
    List<Integer> sizes = new ArrayList<>(moved.dimensions());
    sizes.set(0, outChannels);
    return new Shape(sizes);
  }

  /** The padding of the last dimension's two ends, then of the one before; what torch.pad takes. */
  private List<Long> around() {
    List<Long> around = new ArrayList<>();
    for (int i = window.kernel().size() - 1; i >= 0; i--) {
      long both =
          SAME.equals(padding.word())
              ? window.dilation().get(i) * (window.kernel().get(i) - 1L)
              : 2L * window.padding().get(i);
      around.addAll(List.of(both / 2, both - both / 2));
    }
    return around;
  }

  /** Refuses to take more from the input than it has. */
  private void checkAround(Shape input) throws ShapeMismatch {
    boolean reflects = paddingMode.equals("reflect");
    if (!reflects && !paddingMode.equals("circular")) {
      return;
    }
    List<Long> around = around();
    for (int i = 0; i < around.size(); i++) {
      int size = input.size(-1 - i / 2);
      int most = reflects ? size - 1 : size; // the mirror itself is not repeated
      if (around.get(i) > most) {
        throw new ShapeMismatch(
            "padding",
            "%s can add at most %d to a size of %d, got %d"
                .formatted(paddingMode, most, size, around.get(i)));
      }
    }
  }

  @Override
  public List<Parameter> parameters() {
    List<Integer> fan = new ArrayList<>(window.kernel());
    fan.add(0, inChannels / groups);
    Init init = Init.kaimingUniform(new Shape(fan).elements());
    List<Integer> sizes = new ArrayList<>(fan);
    sizes.add(0, outChannels);
    Parameter weight = new Parameter("weight", new Shape(sizes), init);
    return bias
        ? List.of(weight, new Parameter("bias", Shape.of(outChannels), init))
        : List.of(weight);
  }

  @Override
  public String forward(String x, Scope scope) {
    boolean zeros = paddingMode.equals(ZEROS);
    int dimensions = window.kernel().size();
    String image = dimensions == 2 ? channelsLast(x) : x;
    String around = zeros ? window.padding().toString() : Collections.nCopies(dimensions, 0) + "";
    return "torch.conv%dd(%s, %s, %s, %s, %s, %s, %d)"
        .formatted(
            dimensions,
            zeros ? image : "torch.pad(%s, %s, \"%s\")".formatted(image, around(), paddingMode),
            scope.parameter("weight"),
            bias ? scope.parameter("bias") : "None",
            window.stride(),
            zeros && padding.word() != null ? "\"" + padding.word() + "\"" : around,
            window.dilation(),
            groups);
  }

  /**
   * The image with its channels next to each other in memory. Outputs keep that layout, and torch's
   * pooling is several times faster on it. One channel lies so or so: its view says which.
   */
  private String channelsLast(String x) {
    return inChannels == 1
        ? "torch.permute(torch.unsqueeze(torch.squeeze(" + x + ", 1), -1), [0, 3, 1, 2])"
        : "torch.contiguous(" + x + ", memory_format=2)";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    int dimensions = window.kernel().size();
    List<Long> around = around();
    List<Long> pads = new ArrayList<>();
    for (int end = 0; end < 2; end++) {
      for (int i = 0; i < dimensions; i++) {
        pads.add(around.get(2 * (dimensions - 1 - i) + end));
      }
    }
    boolean zeros = paddingMode.equals(ZEROS);
    List<String> inputs = new ArrayList<>();
    inputs.add(zeros ? x : padded(x, pads, graph));
    inputs.add(graph.parameter("weight"));
    if (bias) {
      inputs.add(graph.parameter("bias"));
    }
    return graph.node(
        "Conv",
        inputs,
        "kernel_shape",
        window.kernel(),
        "strides",
        window.stride(),
        "dilations",
        window.dilation(),
        "group",
        groups,
        "pads",
        zeros ? pads : Collections.nCopies(2 * dimensions, 0L));
  }

  private String padded(String x, List<Long> pads, Graph graph) {
    int dimensions = window.kernel().size();
    if (!paddingMode.equals("circular")) {
      List<Long> all = new ArrayList<>(List.of(0L, 0L));
      all.addAll(pads.subList(0, dimensions));
      all.addAll(List.of(0L, 0L));
      all.addAll(pads.subList(dimensions, 2 * dimensions));
      String mode = paddingMode.equals("reflect") ? "reflect" : "edge";
      return graph.node("Pad", List.of(x, graph.ints(all)), "mode", mode);
    }
    String value = x;
    for (int i = 0; i < dimensions; i++) {
      List<String> parts = new ArrayList<>();
      if (pads.get(i) > 0) {
        parts.add(slice(value, -pads.get(i), Long.MAX_VALUE, i + 2, graph));
      }
      parts.add(value);
      if (pads.get(dimensions + i) > 0) {
        parts.add(slice(value, 0, pads.get(dimensions + i), i + 2, graph));
      }
      value = parts.size() == 1 ? value : graph.node("Concat", parts, "axis", i + 2);
    }
    return value;
  }

  private static String slice(String x, long start, long end, int axis, Graph graph) {
    return graph.op("Slice", x, graph.ints(start), graph.ints(end), graph.ints(axis));
  }
}
