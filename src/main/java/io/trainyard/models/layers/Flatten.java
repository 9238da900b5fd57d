package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.List;

/** torch.nn.Flatten: some neighbouring dimensions made one; dimension 0, the batch, is kept. */
record Flatten(int startDim, int endDim) implements Layer {
  private static final Argument<Integer> START = Argument.integer("start_dim").orElse(1);
  private static final Argument<Integer> END = Argument.integer("end_dim").orElse(-1);

  static final Kind<Layer> KIND =
      Kind.of("Flatten", a -> new Flatten(a.get(START), a.get(END)), START, END);

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    if (input.rank() == 0) {
      throw new ShapeMismatch(null, "needs at least one dimension, gets a single number");
    }
    int start = place(START, startDim, input);
    int end = place(END, endDim, input);
    if (start > end) {
      throw new ShapeMismatch(START.name(), "expected no dimension after end_dim, got " + startDim);
    }
    List<Integer> sizes = new ArrayList<>(input.dimensions().subList(0, start));
    long flat = new Shape(input.dimensions().subList(start, end + 1)).elements();
    sizes.add(Math.toIntExact(flat));
    sizes.addAll(input.dimensions().subList(end + 1, input.rank()));
    return new Shape(sizes);
  }

  private static int place(Argument<Integer> argument, int dim, Shape input) throws ShapeMismatch {
    Dimensions.check(argument, dim, input);
    int index = Dimensions.index(dim, input);
    if (index < 0) {
      throw new ShapeMismatch(
          argument.name(), "dimension 0 is the batch, which cannot be flattened");
    }
    return index;
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.flatten(" + x + ", " + startDim + ", " + endDim + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    return graph.batch(x, output.dimensions());
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    return Backward.ofInput("torch.reshape_as(%s, %s)".formatted(gradient, x));
  }
}
