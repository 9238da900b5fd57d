package io.trainyard.models.inits;

import io.trainyard.models.Init;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;

/** Initialisations whose spread follows from how many inputs and outputs a weight connects. */
final class Scaled {
  private static final Argument<Double> GAIN = Limits.real("gain").atLeast(0).orElse(1.0);
  private static final Argument<Double> SLOPE = Limits.real("a").orElse(0.0);
  private static final Argument<String> MODE =
      Argument.oneOf("mode", "fan_in", "fan_out").orElse("fan_in");
  private static final Argument<String> NONLINEARITY =
      Argument.oneOf(
              "nonlinearity",
              "linear",
              "conv1d",
              "conv2d",
              "conv3d",
              "conv_transpose1d",
              "conv_transpose2d",
              "conv_transpose3d",
              "sigmoid",
              "tanh",
              "relu",
              "leaky_relu",
              "selu")
          .orElse("leaky_relu");

  static final Kind<Initializer> XAVIER_UNIFORM =
      Kind.of(
          "xavier_uniform",
          a -> shape -> uniform(xavier("xavier_uniform", a.get(GAIN), shape)),
          GAIN);
  static final Kind<Initializer> XAVIER_NORMAL =
      Kind.of(
          "xavier_normal", a -> shape -> normal(xavier("xavier_normal", a.get(GAIN), shape)), GAIN);
  static final Kind<Initializer> KAIMING_UNIFORM =
      Kind.of(
          "kaiming_uniform",
          a -> shape -> uniform(kaiming("kaiming_uniform", a, shape)),
          SLOPE,
          MODE,
          NONLINEARITY);
  static final Kind<Initializer> KAIMING_NORMAL =
      Kind.of(
          "kaiming_normal",
          a -> shape -> normal(kaiming("kaiming_normal", a, shape)),
          SLOPE,
          MODE,
          NONLINEARITY);

  private Scaled() {}

  private static Init normal(double std) {
    return new Init.Normal(0, std);
  }

  private static Init uniform(double std) {
    double bound = Math.sqrt(3) * std;
    return new Init.Uniform(-bound, bound);
  }

  private static double xavier(String type, double gain, Shape shape) throws ShapeMismatch {
    return gain * Math.sqrt(2 / (double) (fan(type, shape, 1) + fan(type, shape, 0)));
  }

  private static double kaiming(String type, Arguments a, Shape shape) throws ShapeMismatch {
    long fan = fan(type, shape, a.get(MODE).equals("fan_in") ? 1 : 0);
    return gain(a.get(NONLINEARITY), a.get(SLOPE)) / Math.sqrt((double) fan);
  }

  /** torch.nn.init.calculate_gain. */
  private static double gain(String nonlinearity, double slope) {
    return switch (nonlinearity) {
      case "tanh" -> 5.0 / 3;
      case "relu" -> Math.sqrt(2);
      case "leaky_relu" -> Math.sqrt(2 / (1 + slope * slope));
      case "selu" -> 3.0 / 4;
      default -> 1;
    };
  }

  /** Dimension 1 counts the inputs, dimension 0 the outputs, and the others are a kernel's. */
  private static long fan(String type, Shape shape, int dimension) throws ShapeMismatch {
    Limits.ranks(type, shape, 2, Integer.MAX_VALUE);
    long field = new Shape(shape.dimensions().subList(2, shape.rank())).elements();
    return Math.multiplyExact(field, shape.size(dimension));
  }
}
