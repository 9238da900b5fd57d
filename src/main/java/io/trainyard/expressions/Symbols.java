package io.trainyard.expressions;

import java.util.List;
import java.util.Map;

/** What the symbols stand for. */
final class Symbols {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("+", "add"),
          Map.entry("-", "sub"),
          Map.entry("*", "mul"),
          Map.entry("/", "div"),
          Map.entry("**", "pow"),
          Map.entry("@", "matmul"),
          Map.entry("<", "lt"),
          Map.entry("<=", "le"),
          Map.entry(">", "gt"),
          Map.entry(">=", "ge"),
          Map.entry("==", "eq"),
          Map.entry("!=", "ne"),
          Map.entry("&", "bitwise_and"),
          Map.entry("|", "bitwise_or"),
          Map.entry("^", "bitwise_xor"),
          Map.entry("~", "bitwise_not"));

  /** What a symbol means with a number before it and a tensor after it. */
  private static final Map<String, String> TURNED =
      Map.of(
          "+", "+", "*", "*", "<", ">", "<=", ">=", ">", "<", ">=", "<=", "==", "==", "!=", "!=");

  private static final Operator RSUB =
      Operator.of("rsub(Tensor input, Number other)", "broadcast", Operators.only("sub").rule());

  private Symbols() {}

  static Term binary(int column, String symbol, Term left, Term right) throws ExpressionException {
    if (left.kind().isNumber() && right.kind().isNumber()) {
      return numbers(column, symbol, left, right);
    }
    for (Term side : List.of(left, right)) {
      if (side.kind() != Term.Kind.TENSOR && !side.kind().isNumber()) {
        throw new ExpressionException(
            column, "'%s' needs tensors or numbers, got %s".formatted(symbol, side.kind().words()));
      }
    }
    if (left.kind().isNumber()) {
      return turned(column, symbol, left, right);
    }
    return Calls.bind(
        column, "'" + symbol + "'", Operators.named(name(symbol)), List.of(left, right), Map.of());
  }

  /** With a number before a tensor. */
  private static Term turned(int column, String symbol, Term number, Term tensor)
      throws ExpressionException {
    String spelled = "'" + symbol + "'";
    if (TURNED.containsKey(symbol)) {
      return Calls.bind(
          column,
          spelled,
          Operators.named(name(TURNED.getOrDefault(symbol, symbol))),
          List.of(tensor, number),
          Map.of());
    }
    return switch (symbol) {
      case "-" -> Term.Apply.of(column, spelled, RSUB, List.of(tensor, number));
      case "/" -> {
        Term reciprocal =
            Term.Apply.of(column, spelled, Operators.only("reciprocal"), List.of(tensor));
        yield Term.Apply.of(column, spelled, Operators.only("mul"), List.of(reciprocal, number));
      }
      default ->
          Calls.bind(
              column, spelled, Operators.named(name(symbol)), List.of(number, tensor), Map.of());
    };
  }

  static Term unary(int column, String symbol, Term term) throws ExpressionException {
    if (term.kind().isNumber() && !symbol.equals("~")) {
      if (symbol.equals("+")) {
        return term;
      }
      return term instanceof Term.Literal literal
          ? new Term.Literal(column, Numbers.negative(literal.value()))
          : numbers(column, "-", new Term.Literal(column, 0L), term);
    }
    if (term.kind() != Term.Kind.TENSOR) {
      throw new ExpressionException(
          column, "'%s' needs a tensor, got %s".formatted(symbol, term.kind().words()));
    }
    if (symbol.equals("+")) {
      return term;
    }
    String name = symbol.equals("-") ? "neg" : name(symbol);
    return Term.Apply.of(column, "'" + symbol + "'", Operators.only(name), List.of(term));
  }

  /** Of literals a literal; of sizes, which only the training knows, an operator. */
  private static Term numbers(int column, String symbol, Term left, Term right)
      throws ExpressionException {
    if (!Numbers.isOperator(symbol)) {
      throw new ExpressionException(column, "'" + symbol + "' needs a tensor, got two numbers");
    }
    if (left instanceof Term.Literal a && right instanceof Term.Literal b) {
      Object result = Numbers.apply(symbol, a.value(), b.value());
      if (result == null) {
        throw new ExpressionException(column, "'" + symbol + "' of these numbers is no number");
      }
      return new Term.Literal(left.column(), result);
    }
    if (symbol.equals("**")) {
      throw new ExpressionException(column, "a size cannot be raised to a power");
    }
    boolean whole =
        left.kind() == Term.Kind.INT && right.kind() == Term.Kind.INT && !symbol.equals("/");
    Operator operator =
        Operator.of("number(Number a, Number b)", "numbers", given -> number(given, symbol))
            .as(a -> "(" + a.get(0) + " " + symbol + " " + a.get(1) + ")")
            .gives(whole ? Term.Kind.INT : Term.Kind.FLOAT);
    return Term.Apply.of(column, "'" + symbol + "'", operator, List.of(left, right));
  }

  private static Object number(Given given, String symbol) throws ExpressionException {
    Object result = Numbers.apply(symbol, given.values().get(0), given.values().get(1));
    if (result == null) {
      throw given.refuse("the result is no number");
    }
    return result;
  }

  private static String name(String symbol) {
    String name = NAMES.get(symbol);
    if (name == null) {
      throw new IllegalArgumentException(symbol);
    }
    return name;
  }
}
