package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Shape;

/** The reading of a target as one class per row. */
final class ClassTargets {
  private ClassTargets() {}

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
