package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import java.util.ArrayList;
import java.util.List;

/** Arguments and statements that several optimizers share. */
final class Common {
  static final Argument<Double> WEIGHT_DECAY =
      Argument.number("weight_decay").atLeast(0).orElse(0.0);
  static final Argument<Double> MOMENTUM = Argument.number("momentum").atLeast(0).orElse(0.0);
  static final Argument<Boolean> MAXIMIZE = Argument.flag("maximize").orElse(false);
  static final Argument<List<Double>> BETAS =
      Argument.numbers("betas")
          .atLeast(0)
          .below(1)
          .matching(
              betas -> betas.size() == 2,
              "two numbers from 0 to below 1",
              schema -> schema.put("minItems", 2).put("maxItems", 2))
          .orElse(List.of(0.9, 0.999));

  static final Argument<Boolean> DECOUPLED = Argument.flag("decoupled_weight_decay").orElse(false);

  /** Adds 1 to the counters {@code t} that the fused operators read. */
  static final String COUNT = "torch._foreach_add_(t, 1)";

  private Common() {}

  static Argument<Double> lr(double fallback) {
    return Argument.number("lr").atLeast(0).orElse(fallback);
  }

  static Argument<Double> eps(double fallback) {
    return Argument.number("eps").atLeast(0).orElse(fallback);
  }

  static Betas betas(Arguments arguments) {
    List<Double> betas = arguments.get(BETAS);
    return new Betas(betas.get(0), betas.get(1));
  }

  /** The statements that turn {@code g} into what an unfused step works with. */
  static List<String> gradients(double weightDecay, boolean maximize) {
    List<String> lines = new ArrayList<>();
    if (maximize) {
      lines.add("g = torch._foreach_neg(g)");
    }
    if (weightDecay != 0) {
      lines.add("g = torch._foreach_add(g, p, alpha=" + weightDecay + ")");
    }
    return lines;
  }

  /**
   * With a choice of the decay.
   *
   * @param decoupled whether it shrinks the parameters instead of adding to the gradients
   */
  static List<String> gradients(double weightDecay, boolean decoupled, boolean maximize) {
    List<String> lines = gradients(decoupled ? 0 : weightDecay, maximize);
    if (decoupled && weightDecay != 0) {
      lines.add("torch._foreach_mul_(p, 1. - lr * " + weightDecay + ")");
    }
    return lines;
  }

  /** The moving averages {@code m} of the gradients and {@code v} of their squares. */
  static List<String> moments(Betas betas) {
    return List.of(
        "torch._foreach_lerp_(m, g, " + (1 - betas.first()) + ")",
        "torch._foreach_mul_(v, " + betas.second() + ")",
        "torch._foreach_addcmul_(v, g, g, " + (1 - betas.second()) + ")");
  }

  /** The decay rates of two moving averages. */
  record Betas(double first, double second) {}
}
