package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Errors;
import java.util.Arrays;
import java.util.Objects;

/** Runs single layers as the engine compiles them. */
final class Forward {
  private Forward() {}

  static String layer(String type, String arguments) {
    return "{\"type\": \"" + type + "\"" + (arguments.isEmpty() ? "" : ", " + arguments) + "}";
  }

  static Weights weights(PtNDManager manager, String layer) {
    return Weights.create(manager, model(layer));
  }

  /** The layer's outputs in evaluation, of the shape that the layer says. */
  static NDArray run(PtNDManager manager, String layer, Weights weights, NDArray input) {
    ModelDefinition model = model(layer);
    Script script = Script.load(manager, new ProgramText(model).predict().text());
    NDArray output =
        script.run("predict", new NDList(input).addAll(weights.arguments()), false).duplicate();
    int[] sizes =
        Arrays.stream(input.getShape().getShape()).skip(1).mapToInt(Math::toIntExact).toArray();
    Errors errors = new Errors();
    io.trainyard.shared.Shape said =
        Objects.requireNonNull(model.summarize(io.trainyard.shared.Shape.of(sizes), "", errors))
            .outputShape();
    assertThat(output.getShape())
        .isEqualTo(Tensors.batch(input.getShape().get(0), Objects.requireNonNull(said)));
    return output;
  }

  static void assertSame(NDArray actual, NDArray expected) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    assertThat(actual.sub(expected).abs().max().getFloat()).isLessThan(1e-6f);
  }

  private static ModelDefinition model(String layer) {
    return Plans.model(Plans.json("[" + layer + "]"));
  }
}
