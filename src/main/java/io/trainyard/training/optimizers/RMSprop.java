package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.ScriptText;
import io.trainyard.training.Optimizer;
import java.util.ArrayList;
import java.util.List;

/**
 * torch.optim.RMSprop: gradients divided by the root of their mean square v (centered: of their
 * variance v - a²), with optional momentum.
 */
record RMSprop(
    double lr,
    double alpha,
    double eps,
    double weightDecay,
    double momentum,
    boolean centered,
    boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(1e-2);
  private static final Argument<Double> ALPHA = Argument.number("alpha").atLeast(0).orElse(0.99);
  private static final Argument<Double> EPS = Common.eps(1e-8);
  private static final Argument<Boolean> CENTERED = Argument.flag("centered").orElse(false);

  /** A number of steps at which Adam's bias corrections are 1. */
  private static final double CONVERGED = 1e9;

  static final Kind<Optimizer> KIND =
      Kind.of(
          "RMSprop",
          a ->
              new RMSprop(
                  a.get(LR),
                  a.get(ALPHA),
                  a.get(EPS),
                  a.get(Common.WEIGHT_DECAY),
                  a.get(Common.MOMENTUM),
                  a.get(CENTERED),
                  a.get(Common.MAXIMIZE)),
          LR,
          ALPHA,
          EPS,
          Common.WEIGHT_DECAY,
          Common.MOMENTUM,
          CENTERED,
          Common.MAXIMIZE);

  /** Whether a step is one of Adam without memory of gradients, which torch has fused. */
  private boolean fused() {
    return !centered && momentum == 0 && alpha < 0.9999;
  }

  @Override
  public List<State> states() {
    List<State> states = new ArrayList<>();
    states.add(State.zeros("v"));
    if (fused()) {
      states.add(State.zeros("m"));
      states.add(new State("t", true, CONVERGED));
    }
    if (centered) {
      states.add(State.zeros("a"));
    }
    if (momentum != 0) {
      states.add(State.zeros("b"));
    }
    return states;
  }

  @Override
  public List<String> step() {
    if (fused()) {
      return List.of(
          ("torch._fused_adam_(p, g, m, v, annotate(List[Tensor], []), t, lr=lr, beta1=0., beta2=%s,"
                  + " weight_decay=%s, eps=%s, amsgrad=False, maximize=%s)")
              .formatted(alpha, weightDecay, eps, ScriptText.flag(maximize)));
    }
    List<String> lines = Common.gradients(weightDecay, maximize);
    lines.add("torch._foreach_mul_(v, " + alpha + ")");
    lines.add("torch._foreach_addcmul_(v, g, g, " + (1 - alpha) + ")");
    if (centered) {
      lines.add("torch._foreach_lerp_(a, g, " + (1 - alpha) + ")");
      lines.add("d = torch._foreach_addcmul(v, a, a, -1)");
      lines.add("d = torch._foreach_sqrt(d)");
    } else {
      lines.add("d = torch._foreach_sqrt(v)");
    }
    lines.add("d = torch._foreach_add(d, " + eps + ")");
    if (momentum != 0) {
      lines.add("torch._foreach_mul_(b, " + momentum + ")");
      lines.add("torch._foreach_addcdiv_(b, g, d, 1)");
      lines.add("torch._foreach_add_(p, b, alpha=-lr)");
    } else {
      lines.add("torch._foreach_addcdiv_(p, g, d, -lr)");
    }
    return lines;
  }
}
