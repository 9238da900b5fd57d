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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * torch.nn.BatchNorm1d and BatchNorm2d: {@code y = (x - E[x]) / sqrt(Var[x] + eps) · weight + bias}
 * per channel (Ioffe and Szegedy, 2015), with the statistics of the batch in training and running
 * ones in evaluation. Any input of {@code num_features} channels keeps its shape.
 *
 * @param dimensions after the channels; 1 may be missing
 * @param momentum the weight of a batch in the running statistics; null makes them plain means
 */
record BatchNorm(
    int dimensions,
    int numFeatures,
    double eps,
    @Nullable Double momentum,
    boolean affine,
    boolean trackRunningStats)
    implements Layer {
  private static final Argument<Integer> FEATURES = Argument.integer("num_features").atLeast(1);
  private static final Argument<Double> EPS = Argument.number("eps").atLeast(0).orElse(1e-5);
  private static final Argument<Double> MOMENTUM = Argument.number("momentum").orElseNullable(0.1);
  private static final Argument<Boolean> AFFINE = Argument.flag("affine").orElse(true);
  private static final Argument<Boolean> TRACK = Argument.flag("track_running_stats").orElse(true);
  private static final String MEAN = "running_mean";
  private static final String VAR = "running_var";
  private static final String BATCHES = "num_batches_tracked";

  static final Kind<Layer> BATCH_NORM1D = kind("BatchNorm1d", 1);
  static final Kind<Layer> BATCH_NORM2D = kind("BatchNorm2d", 2);

  private static Kind<Layer> kind(String type, int dimensions) {
    return Kind.of(
        type,
        a ->
            new BatchNorm(
                dimensions,
                a.get(FEATURES),
                a.get(EPS),
                a.find(MOMENTUM),
                a.get(AFFINE),
                a.get(TRACK)),
        FEATURES,
        EPS,
        MOMENTUM,
        AFFINE,
        TRACK,
        Inits.ARGUMENT);
  }

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    if (input.rank() != dimensions + 1 && !(dimensions == 1 && input.rank() == 1)) {
      String expected = dimensions == 1 ? "[channels] or " : "";
      throw Window.mismatch(expected, dimensions, input);
    }
    if (input.size(0) != numFeatures) {
      throw new ShapeMismatch(
          FEATURES.name(), "expected " + numFeatures + ", the layer before gives " + input.size(0));
    }
    return input;
  }

  @Override
  public List<Parameter> parameters() {
    Shape shape = Shape.of(numFeatures);
    return affine
        ? List.of(
            new Parameter("weight", shape, new Init.Constant(1)),
            new Parameter("bias", shape, new Init.Constant(0)))
        : List.of();
  }

  @Override
  public List<Parameter> buffers() {
    Shape shape = Shape.of(numFeatures);
    return trackRunningStats
        ? List.of(
            new Parameter(MEAN, shape, new Init.Constant(0)),
            new Parameter(VAR, shape, new Init.Constant(1)),
            new Parameter(BATCHES, Shape.of(), new Init.Count()))
        : List.of();
  }

  /** One number per channel has no variance; torch refuses it wherever it takes the batch's. */
  @Override
  public int minimumRows(Shape input, boolean training) {
    boolean single = input.elements() == numFeatures;
    return single && (training || !trackRunningStats) ? 2 : 1;
  }

  @Override
  public List<String> beforeTraining(Scope scope) {
    return trackRunningStats ? List.of("torch.add_(" + scope.buffer(BATCHES) + ", 1)") : List.of();
  }

  @Override
  public String forward(String x, Scope scope) {
    String factor =
        momentum != null
            ? momentum.toString()
            : trackRunningStats ? "1. / float(" + scope.buffer(BATCHES) + ")" : "0.";
    return "torch.batch_norm(%s, %s, %s, %s, %s, %s, %s, %s, True)"
        .formatted(
            x,
            affine ? scope.parameter("weight") : "None",
            affine ? scope.parameter("bias") : "None",
            trackRunningStats ? scope.buffer(MEAN) : "None",
            trackRunningStats ? scope.buffer(VAR) : "None",
            trackRunningStats ? scope.training() : "True",
            factor,
            eps);
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    String weight = affine ? graph.parameter("weight") : filled(1, graph);
    String bias = affine ? graph.parameter("bias") : filled(0, graph);
    if (trackRunningStats) {
      List<String> inputs = List.of(x, weight, bias, graph.parameter(MEAN), graph.parameter(VAR));
      return graph.node("BatchNormalization", inputs, "epsilon", eps);
    }
    List<Integer> axes = new ArrayList<>(List.of(0));
    List<Long> sizes = new ArrayList<>(List.of((long) numFeatures));
    for (int i = 2; i <= input.rank(); i++) {
      axes.add(i);
      sizes.add(1L);
    }
    String centred = graph.op("Sub", x, graph.op("ReduceMean", x, graph.ints(axes)));
    String variance = graph.op("ReduceMean", graph.op("Mul", centred, centred), graph.ints(axes));
    String spread = graph.op("Sqrt", graph.op("Add", variance, graph.scalar(eps)));
    String scaled = graph.op("Mul", graph.op("Div", centred, spread), graph.reshape(weight, sizes));
    return graph.op("Add", scaled, graph.reshape(bias, sizes));
  }

  private String filled(double value, Graph graph) {
    return graph.constant(
        ElementType.FLOAT32, List.of((long) numFeatures), Collections.nCopies(numFeatures, value));
  }
}
