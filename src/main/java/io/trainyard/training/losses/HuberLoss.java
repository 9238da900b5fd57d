package io.trainyard.training.losses;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Loss;

/**
 * torch.nn.HuberLoss: {@code d²/2} where {@code d = |output-target|} is at most delta, else {@code
 * delta · (d - delta/2)}.
 */
record HuberLoss(Reduction reduction, double delta) implements Elementwise {
  private static final Argument<Double> DELTA = Argument.number("delta").above(0).orElse(1.0);

  static final Kind<Loss> KIND =
      Kind.of(
          "HuberLoss",
          a -> new HuberLoss(Reduction.of(a), a.get(DELTA)),
          Reduction.ARGUMENT,
          DELTA);

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.huber_loss(%s, %s, %d, %s)"
        .formatted(prediction, target, reduction.code(), delta);
  }

  @Override
  public String gradient(String prediction, String target) {
    return "torch.huber_loss_backward(one, %s, %s, %d, %s)"
        .formatted(prediction, target, reduction.code(), delta);
  }
}
