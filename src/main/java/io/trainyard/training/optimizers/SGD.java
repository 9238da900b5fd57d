package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.ScriptText;
import io.trainyard.training.Optimizer;
import java.util.List;

/** torch.optim.SGD, with its momentum (b = μb + (1-dampening)g, first b = g) and Nesterov form. */
record SGD(
    double lr,
    double momentum,
    double dampening,
    double weightDecay,
    boolean nesterov,
    boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(1e-3);
  private static final Argument<Double> DAMPENING = Argument.number("dampening").orElse(0.0);
  private static final Argument<Boolean> NESTEROV = Argument.flag("nesterov").orElse(false);

  static final Kind<Optimizer> KIND =
      Kind.of(
          "SGD",
          SGD::read,
          LR,
          Common.MOMENTUM,
          DAMPENING,
          Common.WEIGHT_DECAY,
          NESTEROV,
          Common.MAXIMIZE);

  private static SGD read(Arguments a) {
    SGD sgd =
        new SGD(
            a.get(LR),
            a.get(Common.MOMENTUM),
            a.get(DAMPENING),
            a.get(Common.WEIGHT_DECAY),
            a.get(NESTEROV),
            a.get(Common.MAXIMIZE));
    if (sgd.nesterov && (sgd.momentum == 0 || sgd.dampening != 0)) {
      throw Arguments.refuse(NESTEROV, "needs a momentum above 0 and no dampening");
    }
    return sgd;
  }

  @Override
  public List<State> states() {
    return momentum == 0 ? List.of() : List.of(State.zeros("b"));
  }

  @Override
  public List<String> step() {
    return List.of(
        ("torch._fused_sgd_(p, g, %s, weight_decay=%s, momentum=%s, lr=lr, dampening=%s,"
                + " nesterov=%s, maximize=%s, is_first_step=torch.eq(step, 0))")
            .formatted(
                momentum == 0 ? "annotate(List[Tensor], [])" : "b",
                weightDecay,
                momentum,
                dampening,
                ScriptText.flag(nesterov),
                ScriptText.flag(maximize)));
  }
}
