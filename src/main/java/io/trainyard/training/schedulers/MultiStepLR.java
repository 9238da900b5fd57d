package io.trainyard.training.schedulers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Scheduler;
import java.util.Collections;
import java.util.List;

/** torch.optim.lr_scheduler.MultiStepLR: times gamma after each of the milestones. */
record MultiStepLR(List<Integer> milestones, double gamma) implements Chained {
  private static final Argument<List<Integer>> MILESTONES =
      Argument.integers("milestones").atLeast(0);
  private static final Argument<Double> GAMMA = Argument.number("gamma").atLeast(0).orElse(0.1);

  static final Kind<Scheduler> KIND =
      Kind.of(
          "MultiStepLR", a -> new MultiStepLR(a.get(MILESTONES), a.get(GAMMA)), MILESTONES, GAMMA);

  @Override
  public double next(double lr, int epoch, double base) {
    int times = Collections.frequency(milestones, epoch);
    return times == 0 ? lr : lr * Math.pow(gamma, times);
  }
}
