package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The losses of torch.nn.functional. */
final class LossFunctions {
  private static final List<String> REDUCTIONS = List.of("none", "mean", "sum");
  private static final String PAIRS = "broadcast → [], with reduction='none' the broadcast shape";
  private static final String CLASSES =
      "[n, classes, …] and int64 [n, …] → [], with reduction='none' [n, …]";

  static final List<Operator> OPERATORS = operators();

  private LossFunctions() {}

  private static List<Operator> operators() {
    List<Operator> list = new ArrayList<>();
    String start = "(Tensor input, Tensor target, *, str reduction='mean'";
    for (String name : List.of("mse_loss", "l1_loss")) {
      list.add(
          Operator.of(name + start + ")", PAIRS, LossFunctions::differences)
              .as(a -> call(name, a.get(0), a.get(1), code(a.get(2)))));
    }
    list.add(
        Operator.of("smooth_l1_loss" + start + ", float beta=1.0)", PAIRS, LossFunctions::smooth)
            .as(a -> call("smooth_l1_loss", a.get(0), a.get(1), code(a.get(2)), a.get(3))));
    list.add(
        Operator.of("huber_loss" + start + ", float delta=1.0)", PAIRS, LossFunctions::huber)
            .as(a -> call("huber_loss", a.get(0), a.get(1), code(a.get(2)), a.get(3))));
    String weighted = "(Tensor input, Tensor target, Tensor? weight=None, *, ";
    list.add(
        Operator.of(
                "binary_cross_entropy" + weighted + "str reduction='mean')",
                PAIRS,
                g -> binary(g, 3))
            .as(a -> call("binary_cross_entropy", a.get(0), a.get(1), a.get(2), code(a.get(3)))));
    list.add(
        Operator.of(
                "binary_cross_entropy_with_logits"
                    + weighted
                    + "str reduction='mean', Tensor? pos_weight=None)",
                PAIRS,
                g -> binary(g, 3))
            .as(
                a ->
                    call(
                        "binary_cross_entropy_with_logits",
                        a.get(0),
                        a.get(1),
                        a.get(2),
                        a.get(4),
                        code(a.get(3)))));
    list.add(
        Operator.of(
                "cross_entropy"
                    + weighted
                    + "int ignore_index=-100, str reduction='mean', float label_smoothing=0.0)",
                CLASSES + "; or probabilities of the input's shape",
                g -> classes(g, true))
            .as(
                a ->
                    call(
                        "cross_entropy_loss",
                        a.get(0),
                        a.get(1),
                        a.get(2),
                        code(a.get(4)),
                        a.get(3),
                        a.get(5))));
    list.add(
        Operator.of(
                "nll_loss" + weighted + "int ignore_index=-100, str reduction='mean')",
                CLASSES,
                g -> classes(g, false))
            .as(a -> call("nll_loss_nd", a.get(0), a.get(1), a.get(2), code(a.get(4)), a.get(3))));
    return List.copyOf(list);
  }

  private static String call(String name, String... arguments) {
    return "torch." + name + "(" + String.join(", ", arguments) + ")";
  }

  /** The number that torch's operators take for a reduction, from its text. */
  private static String code(String quoted) {
    return String.valueOf(REDUCTIONS.indexOf(quoted.substring(1, quoted.length() - 1)));
  }

  private static TensorType reduced(Given given, TensorType each, int reduction)
      throws ExpressionException {
    Object word = given.values().get(reduction);
    if (!REDUCTIONS.contains(word)) {
      throw given.refuse("reduction is 'mean', 'sum' or 'none'");
    }
    return Objects.equals(word, "none") ? each : each.withSizes(List.of());
  }

  private static TensorType pairs(Given given, int reduction) throws ExpressionException {
    TensorType input = given.real(0);
    TensorType target = given.tensor(1);
    List<Long> sizes = Shapes.broadcast(given, input.sizes(), target.sizes());
    DType dtype = DType.promote(List.of(input, target));
    return reduced(given, new TensorType(dtype, sizes), reduction);
  }

  private static TensorType differences(Given given) throws ExpressionException {
    boolean subtracts = given.term().operator().name().equals("l1_loss");
    if (subtracts && given.tensor(1).dtype() == DType.BOOL) {
      throw given.refuse("a mask cannot be subtracted; .float() makes numbers of it");
    }
    return pairs(given, 2);
  }

  private static TensorType smooth(Given given) throws ExpressionException {
    if (((Number) given.values().get(3)).doubleValue() < 0) {
      throw given.refuse("beta must be at least 0");
    }
    return pairs(given, 2);
  }

  private static TensorType huber(Given given) throws ExpressionException {
    if (((Number) given.values().get(3)).doubleValue() <= 0) {
      throw given.refuse("delta must be above 0");
    }
    // torch keeps the input's type here, where its other losses promote.
    return pairs(given, 2).withDtype(given.tensor(0).dtype());
  }

  private static TensorType binary(Given given, int reduction) throws ExpressionException {
    TensorType input = given.real(0);
    TensorType target = given.real(1);
    if (!input.sizes().equals(target.sizes())) {
      throw given.refuse("shapes %s and %s differ".formatted(input.shape(), target.shape()));
    }
    if (given.values().get(given.values().size() - 1) instanceof TensorType last
        && last.dtype() == DType.BOOL
        && given.values().size() == 5) {
      throw given.refuse("pos_weight cannot be a mask");
    }
    for (Object value : given.values().subList(2, given.values().size())) {
      if (value instanceof TensorType weight) {
        if (!Shapes.broadcast(given, input.sizes(), weight.sizes()).equals(input.sizes())) {
          throw given.refuse(
              "a weight of shape %s does not broadcast to %s"
                  .formatted(weight.shape(), input.shape()));
        }
      }
    }
    return reduced(given, input, reduction);
  }

  private static TensorType classes(Given given, boolean probabilities) throws ExpressionException {
    TensorType input = given.real(0);
    TensorType target = given.tensor(1);
    if (input.rank() < 1) {
      throw given.refuse("needs one number per class, got " + input.shape());
    }
    int at = Math.min(1, input.rank() - 1);
    List<Long> rows = Shapes.without(input.sizes(), List.of(at), false);
    boolean indices = target.dtype() == DType.INT64 && target.sizes().equals(rows);
    boolean asProbabilities =
        probabilities && target.dtype().isFloat() && target.sizes().equals(input.sizes());
    if (!indices && !asProbabilities) {
      throw given.refuse(
          "expected int64 classes of shape %s for %s, got %s"
              .formatted(TensorType.shape(rows), input.shape(), target));
    }
    if (!given.isNone(2) && !given.tensor(2).sizes().equals(List.of(input.sizes().get(at)))) {
      throw given.refuse("expected one weight per class, got " + given.tensor(2).shape());
    }
    if (asProbabilities && given.whole(3) >= 0) {
      throw given.refuse("ignore_index has no meaning for probabilities");
    }
    if (probabilities) {
      double smoothing = ((Number) given.values().get(5)).doubleValue();
      if (smoothing < 0 || smoothing > 1) {
        throw given.refuse("label_smoothing must be between 0 and 1");
      }
    }
    return reduced(given, input.withSizes(rows), 4);
  }
}
