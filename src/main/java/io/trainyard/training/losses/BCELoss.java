package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * torch.nn.BCELoss: {@code -(y·log(p) + (1-y)·log(1-p))} for outputs that are probabilities, as
 * after a Sigmoid; {@code weight} weighs it along the last dimension.
 */
record BCELoss(@Nullable List<Double> weight, Reduction reduction) implements Elementwise {
  static final Kind<Loss> KIND =
      Kind.of(
          "BCELoss",
          a -> new BCELoss(a.find(LastDimension.WEIGHT), Reduction.of(a)),
          LastDimension.WEIGHT,
          Reduction.ARGUMENT);

  @Override
  public Target accept(Shape output, Target target) throws ShapeMismatch {
    LastDimension.check(LastDimension.WEIGHT, weight, output);
    return Elementwise.super.accept(output, target);
  }

  @Override
  public Map<String, List<Double>> constants() {
    return weight == null ? Map.of() : Map.of(LastDimension.WEIGHT.name(), weight);
  }

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.binary_cross_entropy(%s, %s, %s, %d)"
        .formatted(
            prediction,
            target,
            LastDimension.variable(LastDimension.WEIGHT, weight, scope),
            reduction.code());
  }

  @Override
  public @Nullable String gradient(String prediction, String target) {
    return weight != null
        ? null
        : "torch.binary_cross_entropy_backward(one, %s, %s, None, %d)"
            .formatted(prediction, target, reduction.code());
  }

  @Override
  public Outputs outputs() {
    return Outputs.BINARY_PROBABILITIES;
  }
}
