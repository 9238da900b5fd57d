package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All operators by name. A new one is added to one of the lists. */
final class Operators {
  private static final Map<String, List<Operator>> BY_NAME = byName();

  private Operators() {}

  private static Map<String, List<Operator>> byName() {
    Map<String, List<Operator>> map = new LinkedHashMap<>();
    Stream.of(
            Elementwise.OPERATORS,
            Reductions.OPERATORS,
            Products.OPERATORS,
            Views.OPERATORS,
            Parts.OPERATORS,
            Conversions.OPERATORS,
            LossFunctions.OPERATORS)
        .flatMap(List::stream)
        .forEach(o -> map.computeIfAbsent(o.name(), n -> new ArrayList<>()).add(o));
    return map;
  }

  static Map<String, List<Operator>> all() {
    return BY_NAME;
  }

  /** The overloads of a name, none if it is unknown. */
  static List<Operator> named(String name) {
    return BY_NAME.getOrDefault(name, List.of());
  }

  /** The operator of a name with one form. */
  static Operator only(String name) {
    List<Operator> overloads = named(name);
    if (overloads.size() != 1) {
      throw new IllegalArgumentException(name + " has " + overloads.size() + " forms");
    }
    return overloads.get(0);
  }

  /**
   * The overloads of a name in a text.
   *
   * @throws ExpressionException if there are none, with a name that may have been meant
   */
  static List<Operator> lookUp(int column, String name) throws ExpressionException {
    List<Operator> overloads = named(name);
    if (!overloads.isEmpty()) {
      return overloads;
    }
    String plain = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    if (BY_NAME.containsKey(plain)) {
      throw new ExpressionException(
          column, "'%s' writes in place, which no expression does; '%s'?".formatted(name, plain));
    }
    String near = nearest(name);
    throw new ExpressionException(
        column,
        "unknown operator '%s'".formatted(name)
            + (near == null ? "" : "; did you mean '" + near + "'?"));
  }

  private static @Nullable String nearest(String name) {
    String best = null;
    int least = name.length() < 4 ? 1 : 2;
    for (String known : BY_NAME.keySet()) {
      int distance = distance(name, known);
      if (distance < least || (distance == least && best == null)) {
        best = known;
        least = distance;
      }
    }
    return best;
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
