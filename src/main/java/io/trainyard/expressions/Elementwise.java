package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;

/** Operators that work number by number. */
final class Elementwise {
  private static final String SAME = "any → same";
  private static final String BROADCAST = "broadcast";

  static final List<Operator> OPERATORS = operators();

  private Elementwise() {}

  private static List<Operator> operators() {
    List<Operator> list = new ArrayList<>();
    Operator add =
        Operator.of(
            "add(Tensor input, Operand other, *, Number alpha=1)", BROADCAST, Arithmetic::sum);
    Operator sub =
        Operator.of(
            "sub(Tensor input, Operand other, *, Number alpha=1)",
            BROADCAST,
            Arithmetic::difference);
    Operator mul = Operator.of("mul(Tensor input, Operand other)", BROADCAST, Arithmetic::shared);
    Operator div = Operator.of("div(Tensor input, Operand other)", BROADCAST, Arithmetic::quotient);
    list.addAll(List.of(add, sub, sub.named("subtract"), mul, mul.named("multiply")));
    list.addAll(List.of(div, div.named("divide"), div.named("true_divide")));
    list.add(Operator.of("pow(Tensor input, Operand exponent)", BROADCAST, Arithmetic::power));
    list.add(Operator.of("pow(Number self, Tensor exponent)", BROADCAST, Arithmetic::shared));
    for (String name : List.of("maximum", "minimum")) {
      list.add(Operator.of(name + "(Tensor input, Tensor other)", BROADCAST, Arithmetic::shared));
    }
    for (String name : List.of("max", "min")) {
      list.add(Operator.of(name + "(Tensor input, Tensor other)", BROADCAST, Arithmetic::shared));
    }
    list.add(Operator.of("atan2(Tensor input, Tensor other)", BROADCAST, Arithmetic::quotient));
    list.add(
        Operator.of(
            "lerp(Tensor input, Tensor end, Operand weight)", BROADCAST, Arithmetic::between));

    for (String name :
        List.of(
            "exp",
            "exp2",
            "expm1",
            "log",
            "log2",
            "log10",
            "log1p",
            "sqrt",
            "rsqrt",
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "atan",
            "sinh",
            "cosh",
            "tanh",
            "sigmoid",
            "erf",
            "reciprocal")) {
      list.add(Operator.of(name + "(Tensor input)", SAME, g -> real(g)));
    }
    for (String name : List.of("abs", "neg", "sign", "square", "relu")) {
      list.add(Operator.of(name + "(Tensor input)", SAME, g -> number(g)));
    }
    for (String name : List.of("round", "floor", "ceil", "trunc")) {
      list.add(Operator.of(name + "(Tensor input)", SAME, g -> g.real(0)));
    }
    activations(list);
    choices(list);
    comparisons(list);
    return List.copyOf(list);
  }

  /** torch.nn.functional's. */
  private static void activations(List<Operator> list) {
    for (String name : List.of("silu", "mish", "selu", "relu6", "hardswish")) {
      list.add(Operator.of(name + "(Tensor input)", SAME, g -> g.real(0)));
    }
    list.add(Operator.of("logsigmoid(Tensor input)", SAME, g -> g.real(0)).as("log_sigmoid"));
    list.add(
        Operator.of("softsign(Tensor input)", SAME, g -> g.real(0))
            .as(a -> "torch.div(%1$s, torch.add(torch.abs(%1$s), 1))".formatted(a.get(0))));
    list.add(
        Operator.of(
            "softplus(Tensor input, Number beta=1, Number threshold=20)", SAME, g -> g.real(0)));
    list.add(
        Operator.of("leaky_relu(Tensor input, Number negative_slope=0.01)", SAME, g -> g.real(0)));
    list.add(Operator.of("elu(Tensor input, Number alpha=1.0)", SAME, g -> g.real(0)));
    list.add(
        Operator.of("gelu(Tensor input, *, str approximate='none')", SAME, Elementwise::gelu)
            .as(a -> "torch.gelu(" + a.get(0) + ", approximate=" + a.get(1) + ")"));
    list.add(
        Operator.of(
            "hardtanh(Tensor input, Number min_val=-1.0, Number max_val=1.0)",
            SAME,
            g -> g.real(0)));
  }

  private static void choices(List<Operator> list) {
    for (String name : List.of("clamp", "clip")) {
      list.add(
          Operator.of(
                  name + "(Tensor input, Number? min=None, Number? max=None)",
                  SAME,
                  Elementwise::clamp)
              .as("clamp"));
      list.add(
          Operator.of(
                  name + "(Tensor input, Tensor? min=None, Tensor? max=None)",
                  BROADCAST,
                  Elementwise::clamp)
              .as("clamp"));
    }
    list.add(
        Operator.of(
            "where(Tensor condition, Operand input, Operand other)",
            BROADCAST,
            Elementwise::where));
    list.add(
        Operator.of(
            "masked_fill(Tensor input, Tensor mask, Number value)", BROADCAST, Elementwise::fill));
  }

  private static void comparisons(List<Operator> list) {
    for (String name : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
      list.add(
          Operator.of(
                  name + "(Tensor input, Operand other)",
                  BROADCAST + ", a mask",
                  Elementwise::compare)
              .cut());
    }
    for (String name : List.of("logical_and", "logical_or", "logical_xor")) {
      list.add(
          Operator.of(
                  name + "(Tensor input, Tensor other)",
                  BROADCAST + ", a mask",
                  Elementwise::compare)
              .cut());
    }
    for (String name : List.of("bitwise_and", "bitwise_or", "bitwise_xor")) {
      list.add(
          Operator.of(
                  name + "(Tensor input, Tensor other)", BROADCAST + " of masks", Elementwise::bits)
              .cut());
    }
    list.add(Operator.of("bitwise_not(Tensor input)", "mask → mask", Elementwise::bits).cut());
    for (String name : List.of("logical_not", "isnan", "isinf", "isfinite")) {
      list.add(
          Operator.of(
                  name + "(Tensor input)", "any → a mask", g -> g.tensor(0).withDtype(DType.BOOL))
              .cut());
    }
  }

  private static TensorType real(Given given) {
    return given.tensor(0).withDtype(given.tensor(0).dtype().real());
  }

  private static TensorType number(Given given) throws ExpressionException {
    if (given.tensor(0).dtype() == DType.BOOL) {
      throw given.refuse("is not for masks; .float() makes numbers of one, ~ inverts it");
    }
    return given.tensor(0);
  }

  private static TensorType gelu(Given given) throws ExpressionException {
    if (!List.of("none", "tanh").contains(given.values().get(1))) {
      throw given.refuse("approximate is 'none' or 'tanh'");
    }
    return given.real(0);
  }

  private static TensorType clamp(Given given) throws ExpressionException {
    if (given.isNone(1) && given.isNone(2)) {
      throw given.refuse("needs min or max");
    }
    number(given);
    return Arithmetic.shared(given);
  }

  private static TensorType where(Given given) throws ExpressionException {
    if (given.tensor(0).dtype() != DType.BOOL) {
      throw given.refuse("the condition must be a mask, got " + given.tensor(0).dtype());
    }
    List<Object> choices = given.values().subList(1, 3);
    return Arithmetic.together(given, 3).withDtype(DType.promote(choices));
  }

  private static TensorType fill(Given given) throws ExpressionException {
    if (given.tensor(1).dtype() != DType.BOOL) {
      throw given.refuse("expected a mask, got " + given.tensor(1).dtype());
    }
    return Arithmetic.together(given, 2).withDtype(given.tensor(0).dtype());
  }

  private static TensorType compare(Given given) throws ExpressionException {
    return Arithmetic.shared(given).withDtype(DType.BOOL);
  }

  private static TensorType bits(Given given) throws ExpressionException {
    TensorType type = Arithmetic.shared(given);
    if (type.dtype().isFloat()) {
      throw given.refuse("needs masks, got " + type.dtype());
    }
    return type;
  }
}
