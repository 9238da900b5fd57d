package io.trainyard.expressions;

import io.trainyard.expressions.Lexer.Token;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic of plain numbers: Longs and Doubles. */
final class Numbers {
  /** Functions of Python's math. */
  private static final Map<String, DoubleUnaryOperator> FUNCTIONS =
      Map.of("sqrt", Math::sqrt, "exp", Math::exp, "log", Math::log);

  /** Numbers that math and torch name. */
  static final Map<String, Double> CONSTANTS =
      Map.of("pi", Math.PI, "e", Math.E, "inf", Double.POSITIVE_INFINITY);

  private Numbers() {}

  /** The value of a token of kind NUMBER. */
  static Term literal(Token token) throws ExpressionException {
    boolean whole = token.text().chars().allMatch(Character::isDigit);
    try {
      Object value = whole ? (Object) Long.valueOf(token.text()) : Double.valueOf(token.text());
      if (value instanceof Double d && d.isInfinite()) {
        throw new NumberFormatException();
      }
      return new Term.Literal(token.column(), value);
    } catch (NumberFormatException e) {
      throw new ExpressionException(token.column(), "the number is too large");
    }
  }

  /** A function of Python's math on a number. */
  static Term function(Token name, List<Term> arguments) throws ExpressionException {
    DoubleUnaryOperator function = FUNCTIONS.get(name.text());
    if (function != null
        && arguments.size() == 1
        && arguments.get(0) instanceof Term.Literal literal
        && literal.value() instanceof Number value) {
      double result = function.applyAsDouble(value.doubleValue());
      if (Double.isFinite(result)) {
        return new Term.Literal(name.column(), result);
      }
    }
    throw new ExpressionException(
        name.column(), "of math there are sqrt, exp and log of a number, pi, e and inf");
  }

  static boolean isOperator(String symbol) {
    return List.of("+", "-", "*", "/", "**").contains(symbol);
  }

  /** The result, or null if there is none: division by zero, out of range. */
  static @Nullable Object apply(String symbol, Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y && !symbol.equals("/")) {
      try {
        return whole(symbol, x, y);
      } catch (ArithmeticException e) {
        return null;
      }
    }
    double x = ((Number) a).doubleValue();
    double y = ((Number) b).doubleValue();
    double result =
        switch (symbol) {
          case "+" -> x + y;
          case "-" -> x - y;
          case "*" -> x * y;
          case "/" -> x / y;
          default -> Math.pow(x, y);
        };
    boolean finite = Double.isInfinite(x) || Double.isInfinite(y) || !Double.isInfinite(result);
    return finite && !Double.isNaN(result) && !(symbol.equals("/") && y == 0) ? result : null;
  }

  private static @Nullable Object whole(String symbol, long x, long y) {
    return switch (symbol) {
      case "+" -> Math.addExact(x, y);
      case "-" -> Math.subtractExact(x, y);
      case "*" -> Math.multiplyExact(x, y);
      default ->
          y < 0
              ? (x == 0 ? null : (Object) Math.pow((double) x, (double) y))
              : (Object) power(x, y);
    };
  }

  private static long power(long base, long exponent) {
    if (exponent > 63 && base != 0 && Math.abs(base) != 1) {
      throw new ArithmeticException();
    }
    long result = 1;
    for (long i = 0; i < (exponent > 63 ? 2 + exponent % 2 : exponent); i++) {
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  static Object negative(Object number) {
    return number instanceof Long whole ? (Object) (-whole) : (Object) (-(Double) number);
  }
}
