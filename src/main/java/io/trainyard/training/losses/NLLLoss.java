package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** torch.nn.NLLLoss: minus the output at the target class, for log-probabilities [classes]. */
record NLLLoss(@Nullable List<Double> weight, int ignoreIndex, Reduction reduction)
    implements Loss {
  static final Kind<Loss> KIND =
      Kind.of(
          "NLLLoss",
          a ->
              new NLLLoss(a.find(ClassTargets.WEIGHT), a.get(ClassTargets.IGNORE), Reduction.of(a)),
          ClassTargets.WEIGHT,
          ClassTargets.IGNORE,
          Reduction.ARGUMENT);

  @Override
  public Target accept(Shape output, Target target) throws ShapeMismatch {
    ClassTargets.checkWeight(weight, output);
    return ClassTargets.accept("NLLLoss", output, target);
  }

  @Override
  public Map<String, List<Double>> constants() {
    return ClassTargets.constants(weight);
  }

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.nll_loss(%s, %s, %s)".formatted(prediction, target, arguments(scope));
  }

  @Override
  public Differentiated differentiated(String prediction, String target, Target kind, Scope scope) {
    return ClassTargets.likelihood(prediction, target, arguments(scope));
  }

  private String arguments(Scope scope) {
    return ClassTargets.arguments(weight, reduction, ignoreIndex, scope);
  }

  @Override
  public boolean summed() {
    return reduction == Reduction.SUM;
  }

  @Override
  public Outputs outputs() {
    return Outputs.LOG_PROBABILITIES;
  }
}
