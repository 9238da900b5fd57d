package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * torch.nn.BCEWithLogitsLoss: BCELoss of the outputs' sigmoid; {@code pos_weight} weighs the
 * positive term, {@code weight} all of it, along the last dimension.
 */
record BCEWithLogitsLoss(
    @Nullable List<Double> weight, Reduction reduction, @Nullable List<Double> posWeight)
    implements Elementwise {
  private static final Argument<List<Double>> POS_WEIGHT =
      Argument.numbers("pos_weight").atLeast(0).optional();

  static final Kind<Loss> KIND =
      Kind.of(
          "BCEWithLogitsLoss",
          a ->
              new BCEWithLogitsLoss(
                  a.find(LastDimension.WEIGHT), Reduction.of(a), a.find(POS_WEIGHT)),
          LastDimension.WEIGHT,
          Reduction.ARGUMENT,
          POS_WEIGHT);

  @Override
  public Target accept(Shape output, Target target) throws ShapeMismatch {
    LastDimension.check(LastDimension.WEIGHT, weight, output);
    LastDimension.check(POS_WEIGHT, posWeight, output);
    return Elementwise.super.accept(output, target);
  }

  @Override
  public Map<String, List<Double>> constants() {
    Map<String, List<Double>> constants = new LinkedHashMap<>();
    if (weight != null) {
      constants.put(LastDimension.WEIGHT.name(), weight);
    }
    if (posWeight != null) {
      constants.put(POS_WEIGHT.name(), posWeight);
    }
    return constants;
  }

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.binary_cross_entropy_with_logits(%s, %s, %s, %s, %d)"
        .formatted(
            prediction,
            target,
            LastDimension.variable(LastDimension.WEIGHT, weight, scope),
            LastDimension.variable(POS_WEIGHT, posWeight, scope),
            reduction.code());
  }

  @Override
  public @Nullable String gradient(String prediction, String target) {
    return weight != null || posWeight != null
        ? null
        : reduction.of(
            "torch.sub(torch.sigmoid(%s), %s)".formatted(prediction, target), prediction);
  }

  @Override
  public Outputs outputs() {
    return Outputs.BINARY_LOGITS;
  }
}
