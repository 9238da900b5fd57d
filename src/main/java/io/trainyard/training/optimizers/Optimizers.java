package io.trainyard.training.optimizers;

import io.trainyard.shared.Vocabulary;
import io.trainyard.training.Optimizer;

/** The optimizers that a job can name. A new one is added here. */
public final class Optimizers {
  public static final Vocabulary<Optimizer> VOCABULARY =
      new Vocabulary<>(
          "optimizer",
          "torch.optim",
          SGD.KIND,
          Adam.KIND,
          Adam.DECOUPLED,
          Adagrad.KIND,
          RMSprop.KIND,
          Adadelta.KIND,
          Adamax.KIND,
          NAdam.KIND,
          RAdam.KIND);

  private Optimizers() {}
}
