package io.trainyard.training.schedulers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Scheduler;

/** torch.optim.lr_scheduler.StepLR: times gamma every {@code step_size} epochs. */
record StepLR(int stepSize, double gamma) implements Chained {
  private static final Argument<Integer> SIZE = Argument.integer("step_size").atLeast(1);
  private static final Argument<Double> GAMMA = Argument.number("gamma").atLeast(0).orElse(0.1);

  static final Kind<Scheduler> KIND =
      Kind.of("StepLR", a -> new StepLR(a.get(SIZE), a.get(GAMMA)), SIZE, GAMMA);

  @Override
  public double next(double lr, int epoch, double base) {
    return epoch == 0 || epoch % stepSize != 0 ? lr : lr * gamma;
  }
}
