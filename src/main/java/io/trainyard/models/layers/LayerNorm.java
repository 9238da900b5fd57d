package io.trainyard.models.layers;

import io.trainyard.models.Init;
import io.trainyard.models.Layer;
import io.trainyard.models.Parameter;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.models.inits.Inits;
import io.trainyard.onnx.ElementType;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Sizes;
import java.util.Collections;
import java.util.List;

/**
 * torch.nn.LayerNorm: {@code y = (x - E[x]) / sqrt(Var[x] + eps) · weight + bias} over the last
 * dimensions, those of {@code normalized_shape} (Ba et al., 2016). Keeps the shape.
 */
record LayerNorm(Shape normalizedShape, double eps, boolean elementwiseAffine, boolean bias)
    implements Layer {
  private static final Argument<Sizes> SHAPE = Argument.sizes("normalized_shape", 0).atLeast(1);
  private static final Argument<Double> EPS = Argument.number("eps").atLeast(0).orElse(1e-5);
  private static final Argument<Boolean> AFFINE = Argument.flag("elementwise_affine").orElse(true);
  private static final Argument<Boolean> BIAS = Argument.flag("bias").orElse(true);

  static final Kind<Layer> KIND =
      Kind.of(
          "LayerNorm",
          a ->
              new LayerNorm(
                  new Shape(a.get(SHAPE).values()), a.get(EPS), a.get(AFFINE), a.get(BIAS)),
          SHAPE,
          EPS,
          AFFINE,
          BIAS,
          Inits.ARGUMENT);

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    int rank = normalizedShape.rank();
    if (input.rank() < rank
        || !input
            .dimensions()
            .subList(input.rank() - rank, input.rank())
            .equals(normalizedShape.dimensions())) {
      throw new ShapeMismatch(
          SHAPE.name(),
          "expected the last dimensions to be "
              + normalizedShape
              + ", the layer before gives "
              + input);
    }
    return input;
  }

  @Override
  public List<Parameter> parameters() {
    if (!elementwiseAffine) {
      return List.of();
    }
    Parameter weight = new Parameter("weight", normalizedShape, new Init.Constant(1));
    return bias
        ? List.of(weight, new Parameter("bias", normalizedShape, new Init.Constant(0)))
        : List.of(weight);
  }

  @Override
  public String forward(String x, Scope scope) {
    String weight = elementwiseAffine ? scope.parameter("weight") : "None";
    String shift = elementwiseAffine && bias ? scope.parameter("bias") : "None";
    return "torch.layer_norm(%s, %s, %s, %s, %s)".formatted(x, normalizedShape, weight, shift, eps);
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    String weight = elementwiseAffine ? graph.parameter("weight") : filled(1, graph);
    String shift = elementwiseAffine && bias ? graph.parameter("bias") : filled(0, graph);
    return graph.node(
        "LayerNormalization",
        List.of(x, weight, shift),
        "axis",
        -normalizedShape.rank(),
        "epsilon",
        eps);
  }

  private String filled(double value, Graph graph) {
    return graph.constant(
        ElementType.FLOAT32,
        normalizedShape.dimensions().stream().map(Integer::longValue).toList(),
        Collections.nCopies(Math.toIntExact(normalizedShape.elements()), value));
  }
}
