package io.trainyard.models.inits;

import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Shape;

/** What several initialisations ask of their arguments and of what they fill. */
final class Limits {
  private Limits() {}

  /** A number that float32 can hold. */
  static Argument<Double> real(String name) {
    return Argument.number(name)
        .matching(v -> Math.abs(v) <= Float.MAX_VALUE, "a number within float32's range");
  }

  /** Refuses an interval whose end lies before its beginning. */
  static void ordered(Argument<Double> from, Argument<Double> to, Arguments a) {
    if (a.get(from) > a.get(to)) {
      throw Arguments.refuse(
          to, "expected at least %s, %s, got %s".formatted(from.name(), a.get(from), a.get(to)));
    }
  }

  static void ranks(String type, Shape shape, int least, int most) throws ShapeMismatch {
    if (shape.rank() < least || shape.rank() > most) {
      String expected =
          least == most
              ? "" + least
              : most == Integer.MAX_VALUE ? least + " or more" : least + " to " + most;
      throw new ShapeMismatch(
          null, "%s needs %s dimensions, the shape is %s".formatted(type, expected, shape));
    }
  }
}
