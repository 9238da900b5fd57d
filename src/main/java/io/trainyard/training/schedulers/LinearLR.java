package io.trainyard.training.schedulers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Scheduler;

/**
 * torch.optim.lr_scheduler.LinearLR: from {@code start_factor} to {@code end_factor} of the rate in
 * {@code total_iters} epochs.
 */
record LinearLR(double startFactor, double endFactor, int totalIters) implements Chained {
  private static final Argument<Double> START =
      Argument.number("start_factor").above(0).atMost(1).orElse(1.0 / 3);
  private static final Argument<Double> END =
      Argument.number("end_factor").atLeast(0).atMost(1).orElse(1.0);
  private static final Argument<Integer> ITERS =
      Argument.integer("total_iters").atLeast(0).orElse(5);

  static final Kind<Scheduler> KIND =
      Kind.of(
          "LinearLR", a -> new LinearLR(a.get(START), a.get(END), a.get(ITERS)), START, END, ITERS);

  @Override
  public double next(double lr, int epoch, double base) {
    if (epoch == 0) {
      return lr * startFactor;
    }
    if (epoch > totalIters) {
      return lr;
    }
    double change = endFactor - startFactor;
    return lr * (1 + change / (totalIters * startFactor + (epoch - 1) * change));
  }
}
