package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What losses over one class per row share. */
final class ClassTargets {
  static final Argument<List<Double>> WEIGHT = Argument.numbers("weight").atLeast(0).optional();
  static final Argument<Integer> IGNORE = Argument.integer("ignore_index").orElse(-100);

  private ClassTargets() {}

  static void checkWeight(@Nullable List<Double> weight, Shape output) throws ShapeMismatch {
    if (weight != null && (output.rank() == 0 || weight.size() != output.size(0))) {
      throw new ShapeMismatch(
          WEIGHT.name(), "expected one number per class, outputs have shape " + output);
    }
  }

  static Map<String, List<Double>> constants(@Nullable List<Double> weight) {
    return weight == null ? Map.of() : Map.of(WEIGHT.name(), weight);
  }

  /** What torch's operators take after the target. */
  static String arguments(
      @Nullable List<Double> weight, Reduction reduction, int ignoreIndex, Loss.Scope scope) {
    String variable = weight == null ? "None" : scope.constant(WEIGHT.name());
    return "%s, %d, %d".formatted(variable, reduction.code(), ignoreIndex);
  }

  static Target.Classes accept(String loss, Shape output, Target target) throws ShapeMismatch {
    Target.Classes classes;
    if (target instanceof Target.Classes given) {
      classes = given;
    } else if (target instanceof Target.Integers integers) {
      classes =
          new Target.Classes(
              integers.distinct().size(),
              integers.distinct().stream().sorted().map(String::valueOf).toList());
    } else {
      throw new ShapeMismatch(null, loss + " needs classes; the target column is numeric");
    }
    if (output.rank() != 1) {
      throw new ShapeMismatch(
          null, loss + " needs one output per class, the model's outputs have shape " + output);
    }
    if (classes.count() > output.size(0)) {
      throw new ShapeMismatch(
          null,
          "the data has %d classes, the model gives %d outputs"
              .formatted(classes.count(), output.size(0)));
    }
    return classes;
  }

  /**
   * The negative log-likelihood with its gradient.
   *
   * @param logs the variable of the log-probabilities, [batch, classes]
   * @param arguments of torch's operator after the target: weight, reduction, ignore_index
   */
  static Loss.Differentiated likelihood(String logs, String target, String arguments) {
    String forward = "loss, loss_total, = torch.nll_loss_forward(%s, %s, %s)";
    String backward = "torch.nll_loss_backward(one, %s, %s, %s, loss_total)";
    return new Loss.Differentiated(
        List.of(forward.formatted(logs, target, arguments)),
        backward.formatted(logs, target, arguments));
  }
}
