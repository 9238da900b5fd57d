package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Layer;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * torch.nn.Unflatten: one dimension made several; dimension 0, the batch, is kept.
 *
 * @param unflattenedSize one of them may be -1, to be found from the others
 */
record Unflatten(int dim, List<Integer> unflattenedSize) implements Layer {
  private static final Argument<Integer> DIM = Argument.integer("dim");
  private static final Argument<List<Integer>> SIZE =
      Argument.integers("unflattened_size")
          .matching(
              Unflatten::isShape,
              "whole numbers of at least 1, one of which may be -1",
              Unflatten::describe);

  static final Kind<Layer> KIND =
      Kind.of("Unflatten", a -> new Unflatten(a.get(DIM), a.get(SIZE)), DIM, SIZE);

  private static boolean isShape(List<Integer> sizes) {
    return !sizes.isEmpty()
        && sizes.stream().allMatch(size -> size >= 1 || size == -1)
        && Collections.frequency(sizes, -1) <= 1;
  }

  private static void describe(ObjectNode schema) {
    schema.put("minItems", 1).put("minContains", 0).put("maxContains", 1);
    schema.putObject("contains").put("const", -1);
    schema.withObject("items").put("minimum", -1).putObject("not").put("const", 0);
  }

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    Dimensions.check(DIM, dim, input);
    int index = Dimensions.index(dim, input);
    if (index < 0) {
      throw new ShapeMismatch(DIM.name(), "dimension 0 is the batch, which cannot be unflattened");
    }
    int size = input.size(index);
    long known = new Shape(unflattenedSize.stream().filter(each -> each != -1).toList()).elements();
    boolean fits = unflattenedSize.contains(-1) ? size % known == 0 : size == known;
    if (!fits) {
      throw new ShapeMismatch(
          SIZE.name(),
          "expected sizes that make %d, what the layer before gives in this dimension, got %s"
              .formatted(size, new Shape(unflattenedSize)));
    }
    List<Integer> sizes = new ArrayList<>(input.dimensions().subList(0, index));
    unflattenedSize.forEach(each -> sizes.add(each == -1 ? (int) (size / known) : each));
    sizes.addAll(input.dimensions().subList(index + 1, input.rank()));
    return new Shape(sizes);
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.unflatten(" + x + ", " + dim + ", " + unflattenedSize + ")";
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
