package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * torch.nn.BCEWithLogitsLoss: BCELoss of the outputs' sigmoid; {@code pos_weight} weighs the
 * positive term along the last dimension.
 */
record BCEWithLogitsLoss(Reduction reduction, @Nullable List<Double> posWeight)
    implements Elementwise {
  private static final Argument<List<Double>> POS_WEIGHT =
      Argument.numbers("pos_weight").atLeast(0).optional();

  static final Kind<Loss> KIND =
      Kind.of(
          "BCEWithLogitsLoss",
          a -> new BCEWithLogitsLoss(Reduction.of(a), a.find(POS_WEIGHT)),
          Reduction.ARGUMENT,
          POS_WEIGHT);

  @Override
  public Target accept(Shape output, Target target) throws ShapeMismatch {
    if (posWeight != null
        && posWeight.size() != 1
        && (output.rank() == 0 || posWeight.size() != output.size(-1))) {
      throw new ShapeMismatch(
          POS_WEIGHT.name(),
          "expected one number, or one per last dimension of the outputs' shape " + output);
    }
    return Elementwise.super.accept(output, target);
  }

  @Override
  public Map<String, List<Double>> constants() {
    return posWeight == null ? Map.of() : Map.of("pos_weight", posWeight);
  }

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.binary_cross_entropy_with_logits(%s, %s, None, %s, %d)"
        .formatted(
            prediction,
            target,
            posWeight == null ? "None" : scope.constant("pos_weight"),
            reduction.code());
  }

  @Override
  public @Nullable String gradient(String prediction, String target) {
    return posWeight != null
        ? null
        : reduction.of(
            "torch.sub(torch.sigmoid(%s), %s)".formatted(prediction, target), prediction);
  }
}
