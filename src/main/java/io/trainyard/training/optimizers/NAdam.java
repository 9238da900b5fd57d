package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.training.Optimizer;
import java.util.List;

/**
 * torch.optim.NAdam: Adam with Nesterov momentum (Dozat, 2016).
 *
 * <p>As torch 1.13 computes it, whose numbers are this service's reference: its product of momenta
 * for the next step has the factor mu twice. Later releases of torch have it once, which changes
 * losses in the fifth digit.
 */
record NAdam(
    double lr,
    Common.Betas betas,
    double eps,
    double weightDecay,
    double momentumDecay,
    boolean decoupled,
    boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(2e-3);
  private static final Argument<Double> EPS = Common.eps(1e-8);
  private static final Argument<Double> MOMENTUM_DECAY =
      Argument.number("momentum_decay").atLeast(0).orElse(4e-3);

  static final Kind<Optimizer> KIND =
      Kind.of(
          "NAdam",
          a ->
              new NAdam(
                  a.get(LR),
                  Common.betas(a),
                  a.get(EPS),
                  a.get(Common.WEIGHT_DECAY),
                  a.get(MOMENTUM_DECAY),
                  a.get(Common.DECOUPLED),
                  a.get(Common.MAXIMIZE)),
          LR,
          Common.BETAS,
          EPS,
          Common.WEIGHT_DECAY,
          MOMENTUM_DECAY,
          Common.DECOUPLED,
          Common.MAXIMIZE);

  @Override
  public List<State> states() {
    return List.of(State.zeros("m"), State.zeros("v"), new State("u", true, 1));
  }

  @Override
  public List<String> step() {
    List<String> lines = Common.gradients(weightDecay, decoupled, maximize);
    lines.addAll(Common.moments(betas));
    lines.add("mu = " + mu("step + 1"));
    lines.add("mu_next = " + mu("step + 2"));
    lines.add("torch._foreach_mul_(u, mu)");
    lines.add("product = float(u[0])");
    lines.add("d = torch._foreach_div(v, 1. - " + betas.second() + " ** (step + 1))");
    lines.add("d = torch._foreach_add(torch._foreach_sqrt(d), " + eps + ")");
    lines.add("torch._foreach_addcdiv_(p, g, d, -lr * (1. - mu) / (1. - product))");
    lines.add("torch._foreach_addcdiv_(p, m, d, -lr * mu_next / (1. - product * mu * mu_next))");
    return lines;
  }

  private String mu(String step) {
    return betas.first() + " * (1. - 0.5 * 0.96 ** ((" + step + ") * " + momentumDecay + "))";
  }
}
