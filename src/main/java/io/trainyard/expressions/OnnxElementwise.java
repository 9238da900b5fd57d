package io.trainyard.expressions;

import io.trainyard.expressions.OnnxWriter.Emission;
import io.trainyard.onnx.Activations;
import io.trainyard.onnx.ElementType;
import io.trainyard.onnx.Graph;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/** ONNX nodes of the operators that work number by number. */
final class OnnxElementwise {
  private OnnxElementwise() {}

  /** Operators that ONNX has under another name, of one tensor. */
  private static final Map<String, String> UNARY =
      Map.ofEntries(
          Map.entry("exp", "Exp"),
          Map.entry("log", "Log"),
          Map.entry("sqrt", "Sqrt"),
          Map.entry("sin", "Sin"),
          Map.entry("cos", "Cos"),
          Map.entry("tan", "Tan"),
          Map.entry("asin", "Asin"),
          Map.entry("acos", "Acos"),
          Map.entry("atan", "Atan"),
          Map.entry("sinh", "Sinh"),
          Map.entry("cosh", "Cosh"),
          Map.entry("tanh", "Tanh"),
          Map.entry("sigmoid", "Sigmoid"),
          Map.entry("erf", "Erf"),
          Map.entry("reciprocal", "Reciprocal"),
          Map.entry("abs", "Abs"),
          Map.entry("neg", "Neg"),
          Map.entry("sign", "Sign"),
          Map.entry("round", "Round"),
          Map.entry("floor", "Floor"),
          Map.entry("ceil", "Ceil"),
          Map.entry("softsign", "Softsign"),
          Map.entry("hardswish", "HardSwish"));

  private static final Map<String, String> COMPARISONS =
      Map.of(
          "eq",
          "Equal",
          "lt",
          "Less",
          "le",
          "LessOrEqual",
          "gt",
          "Greater",
          "ge",
          "GreaterOrEqual");

  static void register(Map<String, Emission> all) {
    for (Entry<String, String> unary : UNARY.entrySet()) {
      all.put(unary.getKey(), call -> call.op(unary.getValue(), call.as(0)));
    }
    arithmetic(all);
    functions(all);
    activations(all);
    choices(all);
    comparisons(all);
  }

  private static void arithmetic(Map<String, Emission> all) {
    all.put("add", call -> linear("Add", call));
    for (String name : List.of("sub", "subtract")) {
      all.put(name, call -> linear("Sub", call));
    }
    all.put("rsub", call -> call.op("Sub", call.as(1), call.as(0)));
    for (String name : List.of("mul", "multiply")) {
      all.put(name, call -> binary("Mul", call));
    }
    for (String name : List.of("div", "divide", "true_divide")) {
      all.put(name, call -> call.op("Div", call.as(0), call.as(1)));
    }
    all.put("pow", call -> call.op("Pow", call.as(0), call.as(1)));
    all.put("maximum", call -> call.op("Max", call.as(0), call.as(1)));
    all.put("minimum", call -> call.op("Min", call.as(0), call.as(1)));
    all.put("number", OnnxElementwise::number);
    all.put("lerp", OnnxElementwise::lerp);
    all.put("atan2", OnnxElementwise::atan2);
  }

  /** ONNX does not add masks. */
  private static String binary(String operator, OnnxCall call) {
    if (call.type().dtype() != DType.BOOL) {
      return call.op(operator, call.as(0), call.as(1));
    }
    String counted = call.op(operator, call.as(0, DType.INT64), call.as(1, DType.INT64));
    return call.graph().cast(counted, ElementType.BOOL);
  }

  private static String linear(String operator, OnnxCall call) throws ExpressionException {
    boolean plain = call.count() < 3 || (!call.part(2).depends() && call.number(2) == 1);
    return plain
        ? binary(operator, call)
        : call.op(operator, call.as(0), call.op("Mul", call.as(1), call.as(2)));
  }

  /** Of sizes that depend on the batch. */
  private static String number(OnnxCall call) throws ExpressionException {
    DType dtype = call.result() instanceof Long ? DType.INT64 : DType.FLOAT32;
    String symbol = call.apply().spelled().replace("'", "");
    Map<String, String> operators = Map.of("+", "Add", "-", "Sub", "*", "Mul", "/", "Div");
    String operator = operators.get(symbol);
    if (operator == null) {
      throw call.refuse("ONNX has no such operator");
    }
    return call.op(operator, call.as(0, dtype), call.as(1, dtype));
  }

  private static String lerp(OnnxCall call) {
    String way = call.op("Sub", call.as(1), call.as(0));
    return call.op("Add", call.as(0), call.op("Mul", call.as(2), way));
  }

  private static String atan2(OnnxCall call) {
    String y = call.as(0);
    String x = call.as(1);
    String zero = call.scalar(0);
    String left = call.op("Less", x, zero);
    String half =
        call.op("Where", call.op("Less", y, zero), call.scalar(-Math.PI), call.scalar(Math.PI));
    String turned = call.op("Where", left, half, zero);
    String angle = call.op("Add", call.op("Atan", call.op("Div", y, x)), turned);
    String origin = call.op("And", call.op("Equal", x, zero), call.op("Equal", y, zero));
    return call.op("Where", origin, zero, angle);
  }

  private static void functions(Map<String, Emission> all) {
    all.put("exp2", call -> call.op("Exp", call.op("Mul", call.as(0), call.scalar(Math.log(2)))));
    all.put("log2", call -> logarithm(call, 2));
    all.put("log10", call -> logarithm(call, 10));
    all.put("rsqrt", call -> call.op("Reciprocal", call.op("Sqrt", call.as(0))));
    all.put("square", call -> call.op("Mul", call.as(0), call.as(0)));
    all.put("relu", call -> call.op("Max", call.as(0), call.scalar(0)));
    all.put(
        "trunc",
        call ->
            call.op(
                "Mul", call.op("Sign", call.as(0)), call.op("Floor", call.op("Abs", call.as(0)))));
    // exp(x) - 1 = tanh(x / 2) · (exp(x) + 1), which loses nothing near 0.
    all.put(
        "expm1",
        call -> {
          String x = call.as(0);
          String half = call.op("Tanh", call.op("Mul", x, call.scalar(0.5)));
          String sum = call.op("Add", call.op("Exp", x), call.scalar(1));
          return call.op(
              "Where",
              call.op("Greater", x, call.scalar(1)),
              call.op("Sub", call.op("Exp", x), call.scalar(1)),
              call.op("Mul", half, sum));
        });
    // With u = 1 + x rounded, log(u) · x / (u - 1) is exact to rounding (Kahan).
    all.put(
        "log1p",
        call -> {
          String x = call.as(0);
          String u = call.op("Add", x, call.scalar(1));
          String shift = call.op("Sub", u, call.scalar(1));
          String ratio = call.op("Div", x, shift);
          String same = call.op("Equal", shift, call.scalar(0));
          String corrected = call.op("Mul", call.op("Log", u), ratio);
          String infinite = call.op("IsInf", x);
          return call.op("Where", call.op("Or", same, infinite), x, corrected);
        });
  }

  private static String logarithm(OnnxCall call, double base) {
    return call.op("Mul", call.op("Log", call.as(0)), call.scalar(1 / Math.log(base)));
  }

  private interface Function {
    String of(Graph graph, String x, OnnxCall call) throws ExpressionException;
  }

  /** Those that are written with constants of float32. */
  private static Emission single(Function function) {
    return call -> {
      String y = function.of(call.graph(), call.as(0, DType.FLOAT32), call);
      return call.type().dtype() == DType.FLOAT32
          ? y
          : call.graph().cast(y, OnnxCall.element(call.type().dtype()));
    };
  }

  private static void activations(Map<String, Emission> all) {
    all.put("silu", single((graph, x, call) -> Activations.silu(graph, x)));
    all.put("mish", single((graph, x, call) -> Activations.mish(graph, x)));
    all.put("selu", single((graph, x, call) -> Activations.selu(graph, x)));
    all.put("relu6", single((graph, x, call) -> Activations.clip(graph, x, 0, 6)));
    all.put("gelu", single((graph, x, call) -> Activations.gelu(graph, x, call.text(1))));
    all.put("elu", single((graph, x, call) -> Activations.elu(graph, x, call.number(1))));
    all.put(
        "leaky_relu", single((graph, x, call) -> Activations.leakyRelu(graph, x, call.number(1))));
    all.put(
        "softplus",
        single((graph, x, call) -> Activations.softplus(graph, x, call.number(1), call.number(2))));
    all.put(
        "hardtanh",
        single((graph, x, call) -> Activations.clip(graph, x, call.number(1), call.number(2))));
    all.put("logsigmoid", call -> call.op("Neg", call.op("Softplus", call.op("Neg", call.as(0)))));
  }

  private static void choices(Map<String, Emission> all) {
    for (String name : List.of("clamp", "clip")) {
      all.put(
          name,
          call -> {
            String low = call.isNone(1) ? call.as(0) : call.op("Max", call.as(0), call.as(1));
            return call.isNone(2) ? low : call.op("Min", low, call.as(2));
          });
    }
    all.put("where", call -> call.op("Where", call.name(0), call.as(1), call.as(2)));
    all.put("masked_fill", call -> call.op("Where", call.name(1), call.as(2), call.as(0)));
  }

  private static void comparisons(Map<String, Emission> all) {
    for (Entry<String, String> comparison : COMPARISONS.entrySet()) {
      all.put(comparison.getKey(), call -> compare(comparison.getValue(), call));
    }
    all.put("ne", call -> call.op("Not", compare("Equal", call)));
    for (Entry<String, String> each : Map.of("and", "And", "or", "Or", "xor", "Xor").entrySet()) {
      all.put(
          "logical_" + each.getKey(),
          call -> call.op(each.getValue(), call.as(0, DType.BOOL), call.as(1, DType.BOOL)));
      all.put(
          "bitwise_" + each.getKey(),
          call -> call.op(bits(each.getValue(), call), call.as(0), call.as(1)));
    }
    all.put("bitwise_not", call -> call.op(bits("Not", call), call.as(0)));
    all.put("logical_not", call -> call.op("Not", call.as(0, DType.BOOL)));
    all.put("isnan", call -> call.op("IsNaN", real(call)));
    all.put("isinf", call -> call.op("IsInf", real(call)));
    all.put(
        "isfinite",
        call -> {
          String x = real(call);
          return call.op("Not", call.op("Or", call.op("IsNaN", x), call.op("IsInf", x)));
        });
  }

  private static String bits(String operator, OnnxCall call) {
    return call.type().dtype() == DType.BOOL ? operator : "Bitwise" + operator;
  }

  private static String real(OnnxCall call) {
    return call.as(0, call.type(0).dtype().real());
  }

  private static String compare(String operator, OnnxCall call) {
    DType dtype = DType.promote(call.given().values().subList(0, 2));
    if (dtype == DType.BOOL) {
      dtype = DType.INT64;
    }
    return call.op(operator, call.as(0, dtype), call.as(1, dtype));
  }
}
