package io.trainyard.training.schedulers;

import io.trainyard.shared.Vocabulary;
import io.trainyard.training.Scheduler;

/** The schedulers that a job can name. A new one is added here. */
public final class Schedulers {
  public static final Vocabulary<Scheduler> VOCABULARY =
      new Vocabulary<>(
          "scheduler",
          "torch.optim.lr_scheduler",
          StepLR.KIND,
          MultiStepLR.KIND,
          ExponentialLR.KIND,
          CosineAnnealingLR.KIND,
          LinearLR.KIND,
          ReduceLROnPlateau.KIND);

  private Schedulers() {}
}
