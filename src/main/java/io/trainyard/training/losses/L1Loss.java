package io.trainyard.training.losses;

import io.trainyard.shared.Kind;
import io.trainyard.training.Loss;

/** torch.nn.L1Loss: the mean or sum of {@code |output-target|}. */
record L1Loss(Reduction reduction) implements Elementwise {
  static final Kind<Loss> KIND =
      Kind.of("L1Loss", a -> new L1Loss(Reduction.of(a)), Reduction.ARGUMENT);

  @Override
  public String expression(String prediction, String target, Scope scope) {
    return "torch.l1_loss(%s, %s, %d)".formatted(prediction, target, reduction.code());
  }

  @Override
  public String gradient(String prediction, String target) {
    return reduction.of("torch.sign(torch.sub(%s, %s))".formatted(prediction, target), prediction);
  }
}
