package io.trainyard.training.losses;

import io.trainyard.shared.Kind;
import io.trainyard.training.Loss;

/**
 * torch.nn.BCELoss: {@code -(y·log(p) + (1-y)·log(1-p))} for outputs that are probabilities, as
 * after a Sigmoid.
 */
record BCELoss(Reduction reduction) implements Elementwise {
  static final Kind<Loss> KIND =
      Kind.of("BCELoss", a -> new BCELoss(Reduction.of(a)), Reduction.ARGUMENT);

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.binary_cross_entropy(%s, %s, None, %d)"
        .formatted(prediction, target, reduction.code());
  }

  @Override
  public String gradient(String prediction, String target) {
    return "torch.binary_cross_entropy_backward(one, %s, %s, None, %d)"
        .formatted(prediction, target, reduction.code());
  }
}
