package io.trainyard.models;

import static java.util.Objects.requireNonNull;

import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.List;

/** Checks the layers of a model that have gradients of their own. */
final class ModelGradcheck {
  /** Several, so that a formula that mixes rows shows. */
  private static final int ROWS = 3;

  private static final long MAX_ELEMENTS = 1 << 22;

  private ModelGradcheck() {}

  /**
   * Checks one layer after the other, each for itself.
   *
   * @throws Problem of kind INVALID if a shape is open or a layer too large
   */
  static List<ModelSummary.LayerCheck> run(
      ModelDefinition model, ModelSummary summary, Gradcheck gradcheck) {
    List<ModelSummary.LayerCheck> checks = new ArrayList<>();
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      if (!layer.replacesAutograd()) {
        continue;
      }
      Shape input = summary.layers().get(i).inputShape();
      if (input == null) {
        throw Problem.invalid(
            "/" + ModelDefinition.INPUT_SHAPE.name(),
            "gradcheck needs the shape of one input, which the layers leave open");
      }
      Gradcheck.Function function = requireNonNull(layer.ownGradients(input, ROWS));
      String pointer = Json.pointer("/layers", i);
      if (elements(function) > MAX_ELEMENTS) {
        throw Problem.invalid(
            pointer,
            "gradcheck takes at most %d elements of input and parameters".formatted(MAX_ELEMENTS));
      }
      try {
        checks.add(new ModelSummary.LayerCheck(i, gradcheck.check(function)));
      } catch (Problem e) {
        throw e.kind() == Problem.Kind.INVALID ? Problem.invalid(pointer, e.detail()) : e;
      }
    }
    return checks;
  }

  private static double elements(Gradcheck.Function function) {
    return function.inputs().values().stream()
        .mapToDouble(
            sizes -> sizes.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b))
        .sum();
  }
}
