package io.trainyard.training.losses;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A loss over pairs of numbers: the target has exactly the output's shape. */
interface Elementwise extends Loss {
  Reduction reduction();

  @Override
  default Target accept(Shape output, Target target) throws ShapeMismatch {
    String name = getClass().getSimpleName();
    if (target instanceof Target.Classes classes) {
      throw new ShapeMismatch(
          null,
          "%s needs numbers; the target is one of %d classes".formatted(name, classes.count()));
    }
    Target.Values values =
        target instanceof Target.Values given ? given : new Target.Values(Shape.of(1));
    if (!values.shape().equals(output)) {
      throw new ShapeMismatch(
          null,
          "%s needs outputs of the target's shape %s, the model gives %s"
              .formatted(name, values.shape(), output));
    }
    return values;
  }

  /**
   * The gradient for a gradient of {@code one}, as an expression.
   *
   * @return null to leave it to autograd
   */
  @Nullable String gradient(String prediction, String target);

  @Override
  default @Nullable Differentiated differentiated(
      String prediction, String target, Target kind, Scope scope) {
    String gradient = gradient(prediction, target);
    String statement = "loss = " + expression(prediction, target, scope);
    return gradient == null ? null : new Differentiated(List.of(statement), gradient);
  }

  @Override
  default boolean summed() {
    return reduction() == Reduction.SUM;
  }
}
