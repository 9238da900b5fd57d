package io.trainyard.models.layers;

import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Sizes;
import java.util.ArrayList;
import java.util.List;

/** What a convolution or pooling slides over the last dimensions, one number for each of them. */
record Window(
    List<Integer> kernel, List<Integer> stride, List<Integer> padding, List<Integer> dilation) {

  static Argument<Sizes> kernelSize(int dimensions) {
    return Argument.sizes("kernel_size", dimensions).atLeast(1);
  }

  static Argument<Sizes> stride(int dimensions) {
    return Argument.sizes("stride", dimensions).atLeast(1);
  }

  static Argument<Sizes> dilation(int dimensions) {
    return Argument.sizes("dilation", dimensions).atLeast(1).orElse(Sizes.of(1));
  }

  /** Refuses padding of which a whole window could be made, as torch does for pooling. */
  Window checkPooling(Argument<Sizes> argument) {
    for (int i = 0; i < kernel.size(); i++) {
      int most = kernel.get(i) / 2;
      if (padding.get(i) > most) {
        throw Arguments.refuse(
            argument, "expected at most " + most + ", half of kernel_size, got " + padding.get(i));
      }
    }
    return this;
  }

  /** Refuses inputs that are not channels with as many dimensions as the window has. */
  void checkChannels(Shape input) throws ShapeMismatch {
    if (input.rank() != kernel.size() + 1) {
      throw mismatch("", kernel.size(), input);
    }
  }

  static ShapeMismatch mismatch(String also, int dimensions, Shape input) {
    String expected = also + (dimensions == 1 ? "[channels, length]" : "[channels, height, width]");
    return new ShapeMismatch(null, "expected " + expected + ", the layer before gives " + input);
  }

  /**
   * How often the window fits: {@code floor((size + 2·padding - dilation·(kernel - 1) - 1) /
   * stride) + 1} in each dimension. With {@code ceil} rounded up, but without a last window that
   * would lie in the padding alone (the note of torch.nn.MaxPool2d).
   *
   * @param input with the window's dimensions as its last
   */
  Shape output(Shape input, boolean ceil) throws ShapeMismatch {
    List<Integer> sizes = new ArrayList<>(input.dimensions());
    int first = input.rank() - kernel.size();
    for (int i = 0; i < kernel.size(); i++) {
      int size = input.size(first + i);
      long span = dilation.get(i) * (kernel.get(i) - 1L) + 1;
      long room = size + 2L * padding.get(i) - span;
      long steps = Math.floorDiv(room + (ceil ? stride.get(i) - 1 : 0), (long) stride.get(i));
      if (ceil && steps * stride.get(i) >= (long) size + padding.get(i)) {
        steps--;
      }
      if (steps < 0) {
        String padded = padding.get(i) == 0 ? "" : " and padding adds " + 2L * padding.get(i);
        throw new ShapeMismatch(
            "kernel_size",
            "the window spans %d, the layer before gives %d%s".formatted(span, size, padded));
      }
      sizes.set(first + i, Math.toIntExact(steps + 1));
    }
    return new Shape(sizes);
  }

  /** How far before and behind the input windows reach: all beginnings, then all ends. */
  List<Integer> reach(Shape input, Shape output) {
    List<Integer> pads = new ArrayList<>(padding);
    int first = input.rank() - kernel.size();
    for (int i = 0; i < kernel.size(); i++) {
      int span = dilation.get(i) * (kernel.get(i) - 1) + 1;
      int end = (output.size(first + i) - 1) * stride.get(i) + span;
      pads.add(Math.max(0, end - padding.get(i) - input.size(first + i)));
    }
    return pads;
  }
}
