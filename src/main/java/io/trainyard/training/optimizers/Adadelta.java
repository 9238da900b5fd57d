package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Optimizer;
import java.util.List;

/** torch.optim.Adadelta: steps scaled by the root mean squares of past steps and gradients. */
record Adadelta(double lr, double rho, double eps, double weightDecay, boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(1.0);
  private static final Argument<Double> RHO =
      Argument.number("rho").atLeast(0).atMost(1).orElse(0.9);
  private static final Argument<Double> EPS = Common.eps(1e-6);

  static final Kind<Optimizer> KIND =
      Kind.of(
          "Adadelta",
          a ->
              new Adadelta(
                  a.get(LR),
                  a.get(RHO),
                  a.get(EPS),
                  a.get(Common.WEIGHT_DECAY),
                  a.get(Common.MAXIMIZE)),
          LR,
          RHO,
          EPS,
          Common.WEIGHT_DECAY,
          Common.MAXIMIZE);

  @Override
  public List<State> states() {
    return List.of(State.zeros("v"), State.zeros("u"));
  }

  @Override
  public List<String> step() {
    List<String> lines = Common.gradients(weightDecay, maximize);
    lines.add("torch._foreach_mul_(v, " + rho + ")");
    lines.add("torch._foreach_addcmul_(v, g, g, " + (1 - rho) + ")");
    lines.add("d = torch._foreach_sqrt(torch._foreach_add(u, " + eps + "))");
    lines.add("d = torch._foreach_div(d, torch._foreach_sqrt(torch._foreach_add(v, " + eps + ")))");
    lines.add("d = torch._foreach_mul(d, g)");
    lines.add("torch._foreach_mul_(u, " + rho + ")");
    lines.add("torch._foreach_addcmul_(u, d, d, " + (1 - rho) + ")");
    lines.add("torch._foreach_add_(p, d, alpha=-lr)");
    return lines;
  }
}
