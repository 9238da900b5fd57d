package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Expressions that fit the tensors they are over, made of all operators there are. */
public final class RandomExpressions {
  private static final int MAX_LENGTH = 600;
  private static final int MAX_ELEMENTS = 20_000;
  private static final List<String> NUMBERS =
      List.of("-2", "-1", "-0.5", "0", "0.25", "1", "1e-3", "2", "3.5", "(2 - 0.5)");

  private final Random random;
  private final Map<String, TensorType> scope;
  private final List<String> names;
  private final List<Typed> pool = new ArrayList<>();

  /** An expression and its result's type. */
  public record Typed(String text, TensorType type) {}

  /**
   * @param scope the tensors' types
   */
  public RandomExpressions(Random random, Map<String, TensorType> scope) {
    this.random = random;
    this.scope = scope;
    this.names = scope.keySet().stream().sorted().toList();
    names.forEach(name -> pool.add(new Typed(name, type(name))));
  }

  private TensorType type(String name) {
    return java.util.Objects.requireNonNull(scope.get(name));
  }

  /** All operators that can be called. */
  public static List<String> operators() {
    return List.copyOf(Operators.all().keySet());
  }

  /** An expression of up to so many operators, more often than not over what was made before. */
  public Typed next(int operators) {
    Typed last = one(pool);
    int found = 0;
    for (int i = 0; found < operators && i < 40 * operators; i++) {
      Typed typed = typed(candidate(random.nextBoolean() ? last.text() : one(pool).text()));
      if (typed != null) {
        found++;
        last = typed;
        pool.add(typed);
      }
    }
    return last;
  }

  /** The expression, or null if it is none over these tensors, or has too large results. */
  private @Nullable Typed typed(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    try {
      Expression expression = Expression.parse(text, names);
      TensorType type = expression.type(scope);
      boolean batch = scope.values().stream().anyMatch(t -> t.sizes().contains(TensorType.BATCH));
      return !batch && expression.elements(scope) > MAX_ELEMENTS ? null : new Typed(text, type);
    } catch (ExpressionException e) {
      return null;
    }
  }

  /** A text that may well not fit. */
  public String candidate() {
    return candidate(one(pool).text());
  }

  private String candidate(String first) {
    return switch (random.nextInt(8)) {
      case 0 -> "(%s %s %s)".formatted(first, symbol(), operand());
      case 1 -> "(%s %s %s)".formatted(operand(), symbol(), first);
      case 2 -> one(List.of("(-%s)", "(~%s)", "%s.T", "%s.data", "(+%s)")).formatted(first);
      case 3 -> "%s[%s]".formatted(first, subscript());
      default -> call(first);
    };
  }

  private String symbol() {
    return one(List.of("+", "-", "*", "/", "**", "@", "<", ">=", "==", "!=", "&", "|", "^"));
  }

  private String subscript() {
    List<String> items = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      items.add(one(List.of("0", "-1", "1", ":", "1:", ":-1", "::2", "None", "...", "0:2")));
    }
    return String.join(", ", items);
  }

  private String call(String first) {
    Operator operator = one(one(List.copyOf(Operators.all().values())));
    boolean method = random.nextBoolean();
    List<String> arguments = new ArrayList<>();
    boolean named = false;
    List<Parameter> parameters = operator.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      if (parameter.fallback() != null && random.nextInt(5) < 3) {
        named = true; // the next can only be told from it by name
        continue;
      }
      named |= parameter.keywordOnly();
      String value = i == 0 && parameter.type() == Parameter.Type.TENSOR ? first : value(parameter);
      arguments.add(named ? parameter.name() + "=" + value : value);
    }
    String text =
        method && !arguments.isEmpty() && !arguments.get(0).contains("=")
            ? arguments.get(0)
                + arguments.stream()
                    .skip(1)
                    .collect(Collectors.joining(", ", "." + operator.name() + "(", ")"))
            : "torch." + operator.name() + "(" + String.join(", ", arguments) + ")";
    return switch (operator.result()) {
      case PAIR -> text + one(List.of(".values", ".indices", "[0]", "[1]"));
      case INT -> operand() + " * " + text;
      case INTS -> operand() + " * " + text + "[0]";
      default -> text;
    };
  }

  private String operand() {
    return random.nextInt(3) == 0 ? one(NUMBERS) : one(pool).text();
  }

  private String value(Parameter parameter) {
    if (parameter.nullable() && random.nextInt(4) == 0) {
      return "None";
    }
    return switch (parameter.type()) {
      case TENSOR -> one(pool).text();
      case NUMBER, FLOAT -> one(NUMBERS);
      case OPERAND -> operand();
      case INT -> Integer.toString(random.nextInt(5) - 1);
      case INTS -> random.nextBoolean() ? Integer.toString(random.nextInt(3) - 1) : integers();
      case SIZES -> random.nextBoolean() ? sizes() : integers();
      case FLAG -> one(List.of("True", "False"));
      case TEXT -> one(List.of("'none'", "'tanh'", "'mean'", "'sum'", "'batchmean'"));
      case TENSORS -> "[" + one(pool).text() + ", " + one(pool).text() + "]";
      case NUMBERS -> random.nextBoolean() ? one(NUMBERS) : one(List.of("[1, 2]", "[0.5, 1, 2.]"));
      case PAIR -> one(pool).text() + ".max(0)";
    };
  }

  private String integers() {
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      values.add(random.nextInt(4) - 1);
    }
    return values.toString();
  }

  /** Of a tensor's dimensions: their order, their sizes, or one of them left open. */
  private String sizes() {
    TensorType type = one(pool).type();
    List<Long> values = new ArrayList<>();
    boolean order = random.nextBoolean();
    for (int i = 0; i < type.rank(); i++) {
      long size = type.sizes().get(i);
      values.add(order ? (long) i : size == TensorType.BATCH ? -1 : size);
    }
    Collections.shuffle(values, random);
    if (!order && !values.isEmpty() && random.nextBoolean() && !values.contains(-1L)) {
      values.set(random.nextInt(values.size()), -1L);
    }
    return values.toString();
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
