package io.trainyard.training.losses;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Loss;

/**
 * torch.nn.SmoothL1Loss: {@code d²/2beta} where {@code d = |output-target|} is below beta, else
 * {@code d - beta/2}.
 */
record SmoothL1Loss(Reduction reduction, double beta) implements Elementwise {
  private static final Argument<Double> BETA = Argument.number("beta").atLeast(0).orElse(1.0);

  static final Kind<Loss> KIND =
      Kind.of(
          "SmoothL1Loss",
          a -> new SmoothL1Loss(Reduction.of(a), a.get(BETA)),
          Reduction.ARGUMENT,
          BETA);

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.smooth_l1_loss(%s, %s, %d, %s)"
        .formatted(prediction, target, reduction.code(), beta);
  }

  @Override
  public String gradient(String prediction, String target) {
    return "torch.smooth_l1_loss_backward(one, %s, %s, %d, %s)"
        .formatted(prediction, target, reduction.code(), beta);
  }
}
