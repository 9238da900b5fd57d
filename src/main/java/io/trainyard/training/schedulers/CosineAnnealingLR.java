package io.trainyard.training.schedulers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Scheduler;

/**
 * torch.optim.lr_scheduler.CosineAnnealingLR: down to {@code eta_min} in {@code T_max} epochs along
 * half a cosine, and up again (Loshchilov and Hutter, 2016).
 */
record CosineAnnealingLR(int period, double etaMin) implements Chained {
  private static final Argument<Integer> T_MAX = Argument.integer("T_max").atLeast(1);
  private static final Argument<Double> ETA_MIN = Argument.number("eta_min").atLeast(0).orElse(0.0);

  static final Kind<Scheduler> KIND =
      Kind.of(
          "CosineAnnealingLR",
          a -> new CosineAnnealingLR(a.get(T_MAX), a.get(ETA_MIN)),
          T_MAX,
          ETA_MIN);

  @Override
  public double next(double lr, int epoch, double base) {
    if (epoch == 0) {
      return lr;
    }
    // After the lowest point the quotient below would be of zero.
    if (Math.floorMod(epoch - 1 - period, 2 * period) == 0) {
      return lr + (base - etaMin) * (1 - Math.cos(Math.PI / period)) / 2;
    }
    return (1 + Math.cos(Math.PI * epoch / period))
            / (1 + Math.cos(Math.PI * (epoch - 1) / period))
            * (lr - etaMin)
        + etaMin;
  }
}
