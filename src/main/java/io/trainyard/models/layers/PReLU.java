package io.trainyard.models.layers;

import io.trainyard.models.Init;
import io.trainyard.models.Layer;
import io.trainyard.models.Parameter;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.models.inits.Inits;
import io.trainyard.onnx.Graph;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * torch.nn.PReLU: {@code x} where positive, else {@code weight · x}, with one learned weight for
 * all or one per channel (the dimension after the batch).
 */
record PReLU(int numParameters, double init) implements Layer {
  private static final Argument<Integer> COUNT =
      Argument.integer("num_parameters").atLeast(1).orElse(1);
  private static final double SLOPE = 0.25;
  private static final Argument<JsonNode> INIT = Inits.orNumber(SLOPE);

  static final Kind<Layer> KIND =
      Kind.of("PReLU", a -> new PReLU(a.get(COUNT), a.get(INIT).asDouble(SLOPE)), COUNT, INIT);

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    int channels = input.rank() == 0 ? 1 : input.size(0);
    if (numParameters != 1 && numParameters != channels) {
      throw new ShapeMismatch(
          COUNT.name(), "expected 1 or " + channels + ", the channels, got " + numParameters);
    }
    return input;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(new Parameter("weight", Shape.of(numParameters), new Init.Constant(init)));
  }

  @Override
  public String forward(String x, Scope scope) {
    return "torch.prelu(" + x + ", " + scope.parameter("weight") + ")";
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) {
    String slope = graph.parameter("weight");
    if (input.rank() > 1 && numParameters > 1) {
      List<Long> sizes = new ArrayList<>(Collections.nCopies(input.rank(), 1L));
      sizes.set(0, (long) numParameters); // one for each channel, which come first
      slope = graph.reshape(slope, sizes);
    }
    return graph.op("PRelu", x, slope);
  }
}
