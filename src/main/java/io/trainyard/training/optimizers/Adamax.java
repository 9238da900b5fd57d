package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Optimizer;
import java.util.List;

/** torch.optim.Adamax: Adam with the infinity norm of past gradients (Kingma and Ba, 2014). */
record Adamax(double lr, Common.Betas betas, double eps, double weightDecay, boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(2e-3);
  private static final Argument<Double> EPS = Common.eps(1e-8);

  static final Kind<Optimizer> KIND =
      Kind.of(
          "Adamax",
          a ->
              new Adamax(
                  a.get(LR),
                  Common.betas(a),
                  a.get(EPS),
                  a.get(Common.WEIGHT_DECAY),
                  a.get(Common.MAXIMIZE)),
          LR,
          Common.BETAS,
          EPS,
          Common.WEIGHT_DECAY,
          Common.MAXIMIZE);

  @Override
  public List<State> states() {
    return List.of(State.zeros("m"), State.zeros("u"));
  }

  @Override
  public List<String> step() {
    List<String> lines = Common.gradients(weightDecay, maximize);
    lines.add("torch._foreach_lerp_(m, g, " + (1 - betas.first()) + ")");
    lines.add("torch._foreach_mul_(u, " + betas.second() + ")");
    lines.add("d = torch._foreach_add(torch._foreach_abs(g), " + eps + ")");
    lines.add("torch._foreach_maximum_(u, d)");
    lines.add("rate = lr / (1. - " + betas.first() + " ** (step + 1))");
    lines.add("torch._foreach_addcdiv_(p, m, u, -rate)");
    return lines;
  }
}
