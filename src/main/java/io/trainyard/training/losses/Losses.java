package io.trainyard.training.losses;

import io.trainyard.shared.Vocabulary;
import io.trainyard.training.Loss;

/** The losses that a job can name. A new one is added here. */
public final class Losses {
  public static final Vocabulary<Loss> VOCABULARY =
      new Vocabulary<>(
          "loss",
          "torch.nn",
          MSELoss.KIND,
          L1Loss.KIND,
          CrossEntropyLoss.KIND,
          NLLLoss.KIND,
          BCELoss.KIND,
          BCEWithLogitsLoss.KIND,
          SmoothL1Loss.KIND,
          HuberLoss.KIND,
          Custom.KIND);

  private Losses() {}
}
