package io.trainyard.training.losses;

import io.trainyard.shared.Kind;
import io.trainyard.training.Loss;

/** torch.nn.MSELoss: the mean or sum of {@code (output-target)²}. */
record MSELoss(Reduction reduction) implements Elementwise {
  static final Kind<Loss> KIND =
      Kind.of("MSELoss", a -> new MSELoss(Reduction.of(a)), Reduction.ARGUMENT);

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.mse_loss(%s, %s, %d)".formatted(prediction, target, reduction.code());
  }

  @Override
  public String gradient(String prediction, String target) {
    return "torch.mse_loss_backward(one, %s, %s, %d)"
        .formatted(prediction, target, reduction.code());
  }
}
