package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.ScriptText;
import io.trainyard.training.Optimizer;
import java.util.List;

/** torch.optim.Adagrad: steps of lr / (1 + (t-1)·lr_decay), divided by the root of Σg². */
record Adagrad(
    double lr, double lrDecay, double weightDecay, double initial, double eps, boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(1e-2);
  private static final Argument<Double> LR_DECAY =
      Argument.number("lr_decay").atLeast(0).orElse(0.0);
  private static final Argument<Double> INITIAL =
      Argument.number("initial_accumulator_value").atLeast(0).orElse(0.0);
  private static final Argument<Double> EPS = Common.eps(1e-10);

  static final Kind<Optimizer> KIND =
      Kind.of(
          "Adagrad",
          a ->
              new Adagrad(
                  a.get(LR),
                  a.get(LR_DECAY),
                  a.get(Common.WEIGHT_DECAY),
                  a.get(INITIAL),
                  a.get(EPS),
                  a.get(Common.MAXIMIZE)),
          LR,
          LR_DECAY,
          Common.WEIGHT_DECAY,
          INITIAL,
          EPS,
          Common.MAXIMIZE);

  @Override
  public List<State> states() {
    return List.of(State.counter("t"), new State("h", false, initial));
  }

  @Override
  public List<String> step() {
    return List.of(
        Common.COUNT,
        ("torch._fused_adagrad_(p, g, h, t, lr=lr, lr_decay=%s, weight_decay=%s, eps=%s,"
                + " maximize=%s)")
            .formatted(lrDecay, weightDecay, eps, ScriptText.flag(maximize)));
  }
}
