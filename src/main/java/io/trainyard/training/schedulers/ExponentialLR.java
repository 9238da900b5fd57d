package io.trainyard.training.schedulers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Scheduler;

/** torch.optim.lr_scheduler.ExponentialLR: times gamma after every epoch. */
record ExponentialLR(double gamma) implements Chained {
  private static final Argument<Double> GAMMA = Argument.number("gamma").atLeast(0);

  static final Kind<Scheduler> KIND =
      Kind.of("ExponentialLR", a -> new ExponentialLR(a.get(GAMMA)), GAMMA);

  @Override
  public double next(double lr, int epoch, double base) {
    return epoch == 0 ? lr : lr * gamma;
  }
}
