package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Optimizer;
import java.util.List;

/**
 * torch.optim.RAdam: Adam whose adaptive rate is rectified, and off at first (Liu et al., 2019).
 */
record RAdam(
    double lr,
    Common.Betas betas,
    double eps,
    double weightDecay,
    boolean decoupled,
    boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(1e-3);
  private static final Argument<Double> EPS = Common.eps(1e-8);

  static final Kind<Optimizer> KIND =
      Kind.of(
          "RAdam",
          a ->
              new RAdam(
                  a.get(LR),
                  Common.betas(a),
                  a.get(EPS),
                  a.get(Common.WEIGHT_DECAY),
                  a.get(Common.DECOUPLED),
                  a.get(Common.MAXIMIZE)),
          LR,
          Common.BETAS,
          EPS,
          Common.WEIGHT_DECAY,
          Common.DECOUPLED,
          Common.MAXIMIZE);

  @Override
  public List<State> states() {
    return List.of(State.zeros("m"), State.zeros("v"));
  }

  @Override
  public List<String> step() {
    double limit = 2 / (1 - betas.second()) - 1;
    double constant = limit / ((limit - 4) * (limit - 2));
    List<String> lines = Common.gradients(weightDecay, decoupled, maximize);
    lines.addAll(Common.moments(betas));
    lines.add("rate = lr / (1. - " + betas.first() + " ** (step + 1))");
    lines.add("power = " + betas.second() + " ** (step + 1)");
    lines.add("rho = " + limit + " - 2. * (step + 1) * power / (1. - power)");
    lines.add("if rho > 5.:");
    lines.add("  rate = rate * ((rho - 4.) * (rho - 2.) * " + constant + " / rho) ** 0.5");
    lines.add("  d = torch._foreach_add(torch._foreach_sqrt(v), " + eps + ")");
    lines.add("  torch._foreach_addcdiv_(p, m, d, -rate * (1. - power) ** 0.5)");
    lines.add("else:");
    lines.add("  torch._foreach_add_(p, m, alpha=-rate)");
    return lines;
  }
}
