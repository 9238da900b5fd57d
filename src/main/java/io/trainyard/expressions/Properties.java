package io.trainyard.expressions;

import java.util.List;
import java.util.Map;

/** What can follow a point without being called. */
final class Properties {
  private static final Operator VALUES = item("values", 0).gradient(Operator.Gradient.ALL);
  private static final Operator INDICES = item("indices", 1);

  private static final Map<String, Operator> OF_TENSORS =
      Map.of("T", Views.T, "shape", Views.SHAPE, "data", Conversions.DETACH);

  private Properties() {}

  private static Operator item(String name, int index) {
    return Operator.of(
            name + "(pair pair)",
            "of a pair",
            given -> ((List<?>) given.values().get(0)).get(index))
        .as(a -> "(" + a.get(0) + ")[" + index + "]")
        .cut();
  }

  static Term of(int column, String name, Term term) throws ExpressionException {
    if (term.kind() == Term.Kind.PAIR && (name.equals("values") || name.equals("indices"))) {
      return pair(column, term, name.equals("values") ? 0 : 1);
    }
    Operator operator = term.kind() == Term.Kind.TENSOR ? OF_TENSORS.get(name) : null;
    if (operator != null) {
      return Term.Apply.of(column, name, operator, List.of(term));
    }
    if (!Operators.named(name).isEmpty()) {
      throw new ExpressionException(
          column, "'%s' is an operator: write .%s(…)".formatted(name, name));
    }
    throw new ExpressionException(
        column,
        "unknown property '%s' of %s; there are T, shape and data of a tensor, values and indices of a pair"
            .formatted(name, term.kind().words()));
  }

  /** The values (0) or indices (1) of a maximum along a dimension. */
  static Term pair(int column, Term pair, int index) throws ExpressionException {
    return Term.Apply.of(
        column, index == 0 ? "values" : "indices", index == 0 ? VALUES : INDICES, List.of(pair));
  }
}
