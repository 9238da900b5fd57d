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

  static String variable(@Nullable List<Double> weight, Loss.Scope scope) {
    return weight == null ? "None" : scope.constant(WEIGHT.name());
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
}
