package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * torch.nn.CrossEntropyLoss: the negative log-softmax of logits [classes] at the target class, or
 * its mean under target probabilities of the outputs' shape.
 */
record CrossEntropyLoss(
    @Nullable List<Double> weight, int ignoreIndex, Reduction reduction, double labelSmoothing)
    implements Loss {
  private static final Argument<Double> SMOOTHING =
      Argument.number("label_smoothing").atLeast(0).atMost(1).orElse(0.0);

  static final Kind<Loss> KIND =
      Kind.of(
          "CrossEntropyLoss",
          a ->
              new CrossEntropyLoss(
                  a.find(ClassTargets.WEIGHT),
                  a.get(ClassTargets.IGNORE),
                  Reduction.of(a),
                  a.get(SMOOTHING)),
          ClassTargets.WEIGHT,
          ClassTargets.IGNORE,
          Reduction.ARGUMENT,
          SMOOTHING);

  @Override
  public Target accept(Shape output, Target target) throws ShapeMismatch {
    ClassTargets.checkWeight(weight, output);
    if (!(target instanceof Target.Values values)) {
      return ClassTargets.accept("CrossEntropyLoss", output, target);
    }
    if (output.rank() == 0 || !values.shape().equals(output)) {
      throw new ShapeMismatch(
          null,
          "CrossEntropyLoss needs classes; the target is numeric with shape %s, and as probabilities it would need the outputs' shape %s"
              .formatted(values.shape(), output));
    }
    if (ignoreIndex >= 0) {
      throw new ShapeMismatch(
          ClassTargets.IGNORE.name(), "has no meaning for target probabilities");
    }
    return values;
  }

  @Override
  public Map<String, List<Double>> constants() {
    return ClassTargets.constants(weight);
  }

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.cross_entropy_loss(%s, %s, %s, %s)"
        .formatted(prediction, target, arguments(scope), labelSmoothing);
  }

  @Override
  public @Nullable Differentiated differentiated(
      String prediction, String target, Target kind, Scope scope) {
    if (labelSmoothing != 0 || !(kind instanceof Target.Classes)) {
      return null;
    }
    String logs = "loss_logs";
    Differentiated likelihood = ClassTargets.likelihood(logs, target, arguments(scope));
    List<String> statements = new ArrayList<>();
    statements.add(logs + " = torch.log_softmax(" + prediction + ", 1)");
    statements.addAll(likelihood.statements());
    return new Differentiated(
        statements,
        "torch._log_softmax_backward_data(%s, %s, 1, 6)".formatted(likelihood.gradient(), logs));
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
    return Outputs.LOGITS;
  }
}
