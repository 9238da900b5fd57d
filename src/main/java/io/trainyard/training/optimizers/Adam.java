package io.trainyard.training.optimizers;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Kind;
import io.trainyard.shared.ScriptText;
import io.trainyard.training.Optimizer;
import java.util.ArrayList;
import java.util.List;

/**
 * torch.optim.Adam, and AdamW, whose weight decay shrinks the parameters instead of adding to the
 * gradient.
 *
 * @param operator torch's fused operator
 */
record Adam(
    String operator,
    double lr,
    Common.Betas betas,
    double eps,
    double weightDecay,
    boolean amsgrad,
    boolean maximize)
    implements Optimizer {
  private static final Argument<Double> LR = Common.lr(1e-3);
  private static final Argument<Double> EPS = Common.eps(1e-8);
  private static final Argument<Boolean> AMSGRAD = Argument.flag("amsgrad").orElse(false);

  private static final Argument<Double> DECOUPLED_DECAY =
      Argument.number("weight_decay").atLeast(0).orElse(1e-2);

  static final Kind<Optimizer> KIND = kind("Adam", "_fused_adam_", Common.WEIGHT_DECAY);
  static final Kind<Optimizer> DECOUPLED = kind("AdamW", "_fused_adamw_", DECOUPLED_DECAY);

  private static Kind<Optimizer> kind(String type, String operator, Argument<Double> weightDecay) {
    return Kind.of(
        type,
        a ->
            new Adam(
                operator,
                a.get(LR),
                Common.betas(a),
                a.get(EPS),
                a.get(weightDecay),
                a.get(AMSGRAD),
                a.get(Common.MAXIMIZE)),
        LR,
        Common.BETAS,
        EPS,
        weightDecay,
        AMSGRAD,
        Common.MAXIMIZE);
  }

  @Override
  public List<State> states() {
    List<State> states = new ArrayList<>();
    states.add(State.counter("t"));
    states.add(State.zeros("m"));
    states.add(State.zeros("v"));
    if (amsgrad) {
      states.add(State.zeros("v_max"));
    }
    return states;
  }

  @Override
  public List<String> step() {
    return List.of(
        Common.COUNT,
        ("torch.%s(p, g, m, v, %s, t, lr=lr, beta1=%s, beta2=%s, weight_decay=%s, eps=%s,"
                + " amsgrad=%s, maximize=%s)")
            .formatted(
                operator,
                amsgrad ? "v_max" : "annotate(List[Tensor], [])",
                betas.first(),
                betas.second(),
                weightDecay,
                eps,
                ScriptText.flag(amsgrad),
                ScriptText.flag(maximize)));
  }
}
