package io.trainyard.training.schedulers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.training.Scheduler;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * torch.optim.lr_scheduler.ReduceLROnPlateau: times factor once more than {@code patience} epochs
 * have brought nothing.
 */
record ReduceLROnPlateau(
    boolean lowerIsBetter,
    double factor,
    int patience,
    double threshold,
    boolean relative,
    int cooldown,
    double minLr,
    double eps)
    implements Scheduler {
  private static final Argument<String> MODE = Argument.oneOf("mode", "min", "max").orElse("min");
  private static final Argument<Double> FACTOR =
      Argument.number("factor").atLeast(0).below(1).orElse(0.1);
  private static final Argument<Integer> PATIENCE =
      Argument.integer("patience").atLeast(0).orElse(10);
  private static final Argument<Double> THRESHOLD =
      Argument.number("threshold").atLeast(0).orElse(1e-4);
  private static final Argument<String> THRESHOLD_MODE =
      Argument.oneOf("threshold_mode", "rel", "abs").orElse("rel");
  private static final Argument<Integer> COOLDOWN =
      Argument.integer("cooldown").atLeast(0).orElse(0);
  private static final Argument<Double> MIN_LR = Argument.number("min_lr").atLeast(0).orElse(0.0);
  private static final Argument<Double> EPS = Argument.number("eps").atLeast(0).orElse(1e-8);

  static final Kind<Scheduler> KIND =
      Kind.of(
          "ReduceLROnPlateau",
          ReduceLROnPlateau::read,
          MODE,
          FACTOR,
          PATIENCE,
          THRESHOLD,
          THRESHOLD_MODE,
          COOLDOWN,
          MIN_LR,
          EPS);

  private static ReduceLROnPlateau read(Arguments a) {
    return new ReduceLROnPlateau(
        a.get(MODE).equals("min"),
        a.get(FACTOR),
        a.get(PATIENCE),
        a.get(THRESHOLD),
        a.get(THRESHOLD_MODE).equals("rel"),
        a.get(COOLDOWN),
        a.get(MIN_LR),
        a.get(EPS));
  }

  @Override
  public Rate start(double lr) {
    return new Plateau(lr);
  }

  @Override
  public boolean watchesLoss() {
    return true;
  }

  private boolean better(double value, double best) {
    double sign = lowerIsBetter ? -1 : 1;
    double bound = relative ? best * (1 + sign * threshold) : best + sign * threshold;
    return lowerIsBetter ? value < bound : value > bound;
  }

  private final class Plateau implements Rate {
    private static final String BEST = "best";
    private static final String BAD_EPOCHS = "num_bad_epochs";
    private static final String COOLDOWN_COUNTER = "cooldown_counter";
    private double lr;
    private double best = lowerIsBetter ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    private int bad;
    private int cooling;

    Plateau(double lr) {
      this.lr = lr;
    }

    @Override
    public double lr() {
      return lr;
    }

    @Override
    public void step(double loss) {
      if (better(loss, best)) {
        best = loss;
        bad = 0;
      } else {
        bad++;
      }
      if (cooling > 0) {
        cooling--;
        bad = 0;
      }
      if (bad > patience) {
        double reduced = Math.max(lr * factor, minLr);
        if (lr - reduced > eps) {
          lr = reduced;
        }
        cooling = cooldown;
        bad = 0;
      }
    }

    @Override
    public Map<String, Double> state() {
      Map<String, Double> state = new HashMap<>();
      state.put(Chained.LAST_LR, lr);
      state.put(BAD_EPOCHS, (double) bad);
      state.put(COOLDOWN_COUNTER, (double) cooling);
      if (Double.isFinite(best)) {
        state.put(BEST, best);
      }
      return state;
    }

    @Override
    public void restore(Map<String, Double> state) {
      lr = number(state, Chained.LAST_LR);
      bad = (int) number(state, BAD_EPOCHS);
      cooling = (int) number(state, COOLDOWN_COUNTER);
      if (state.containsKey(BEST)) {
        best = number(state, BEST);
      }
    }

    private static double number(Map<String, Double> state, String name) {
      return Objects.requireNonNull(state.get(name), name);
    }
  }
}
