package io.trainyard.models.layers;

import io.trainyard.models.Backward;
import io.trainyard.models.Init;
import io.trainyard.models.Layer;
import io.trainyard.models.Parameter;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.models.inits.Inits;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import java.util.List;
import java.util.Map;

/** torch.nn.Linear: {@code y = x·Wᵀ + b} over the last dimension. */
record Linear(int inFeatures, int outFeatures, boolean bias) implements Layer {
  private static final Argument<Integer> IN = Argument.integer("in_features").atLeast(1);
  private static final Argument<Integer> OUT = Argument.integer("out_features").atLeast(1);
  private static final Argument<Boolean> BIAS = Argument.flag("bias").orElse(true);

  private static final String WEIGHT = "weight";

  static final Kind<Layer> KIND =
      Kind.of(
          "Linear",
          a -> new Linear(a.get(IN), a.get(OUT), a.get(BIAS)),
          IN,
          OUT,
          BIAS,
          Inits.ARGUMENT);

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    if (input.rank() == 0 || input.size(-1) != inFeatures) {
      throw new ShapeMismatch(
          IN.name(),
          input.rank() == 0
              ? "needs at least one dimension, gets a single number"
              : "expected " + inFeatures + ", the layer before gives " + input.size(-1));
    }
    return input.withLast(outFeatures);
  }

  @Override
  public Shape impliedInput() {
    return Shape.of(inFeatures);
  }

  @Override
  public List<Parameter> parameters() {
    Init init = Init.kaimingUniform(inFeatures);
    Parameter weight = new Parameter(WEIGHT, Shape.of(outFeatures, inFeatures), init);
    return bias
        ? List.of(weight, new Parameter(BIAS.name(), Shape.of(outFeatures), init))
        : List.of(weight);
  }

  @Override
  public String forward(String x, Scope scope) {
    String b = bias ? scope.parameter(BIAS.name()) : "None";
    return scope.linear(x, scope.parameter(WEIGHT), b);
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    String weight = graph.parameter(WEIGHT);
    if (input.rank() == 1) {
      List<String> inputs =
          bias ? List.of(x, weight, graph.parameter(BIAS.name())) : List.of(x, weight);
      return graph.node("Gemm", inputs, "transB", 1);
    }
    String product =
        graph.op("MatMul", x, graph.node("Transpose", List.of(weight), "perm", List.of(1, 0)));
    return bias ? graph.op("Add", product, graph.parameter(BIAS.name())) : product;
  }

  @Override
  public Backward backward(String x, String y, String gradient, Scope scope) {
    // One row per application; flattening a batch of vectors does nothing.
    String rows = "torch.flatten(%s, 0, -2)".formatted(gradient);
    String weight = scope.matmul("torch.t(" + rows + ")", "torch.flatten(%s, 0, -2)".formatted(x));
    return new Backward(
        scope.matmul(gradient, scope.parameter(WEIGHT)),
        bias
            ? Map.of(WEIGHT, weight, BIAS.name(), "torch.sum(%s, [0])".formatted(rows))
            : Map.of(WEIGHT, weight));
  }
}
