package io.trainyard.training.optimizers;

import io.trainyard.shared.Vocabulary;
import io.trainyard.training.Optimizer;

/** The optimizers that a job can name. A new one is added here. */
public final class Optimizers {
  public static final Vocabulary<Optimizer> VOCABULARY =
      new Vocabulary<>("optimizer", SGD.KIND, Adam.KIND, Adagrad.KIND, RMSprop.KIND);

  private Optimizers() {}
}
