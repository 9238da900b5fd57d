package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds the overload that arguments fit, and puts them in its order. */
final class Calls {
  /** NumPy's names, which torch takes too. */
  private static final Map<String, String> SYNONYMS = Map.of("axis", "dim", "keepdims", "keepdim");

  private Calls() {}

  /** Why an overload does not fit. */
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;

    Misfit(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * An application of one of the overloads.
   *
   * @param spelled how the text calls the operator
   * @throws ExpressionException if the arguments fit none
   */
  static Term bind(
      int column,
      String spelled,
      List<Operator> overloads,
      List<Term> positional,
      Map<String, Term> named)
      throws ExpressionException {
    String reason = "";
    for (Operator operator : overloads) {
      try {
        return Term.Apply.of(column, spelled, operator, arguments(operator, positional, named));
      } catch (Misfit e) {
        reason = String.valueOf(e.getMessage());
      }
    }
    String forms = overloads.stream().map(Operator::signature).collect(Collectors.joining(" or "));
    throw new ExpressionException(
        column,
        overloads.size() == 1
            ? "%s: %s; it is %s".formatted(spelled, reason, forms)
            : "%s: the arguments fit none of %s".formatted(spelled, forms));
  }

  private static List<Term> arguments(
      Operator operator, List<Term> positional, Map<String, Term> named) throws Misfit {
    List<Term> given = new ArrayList<>(positional);
    Map<String, Term> byName = new HashMap<>();
    named.forEach((name, term) -> byName.put(SYNONYMS.getOrDefault(name, name), term));
    List<Term> arguments = new ArrayList<>();
    for (Parameter parameter : operator.parameters()) {
      Term term = byName.remove(parameter.name());
      if (!given.isEmpty() && !parameter.keywordOnly()) {
        if (term != null) {
          throw new Misfit("'" + parameter.name() + "' is given twice");
        }
        term = parameter.type() == Parameter.Type.SIZES ? sizes(given) : given.remove(0);
      }
      if (term == null) {
        term = parameter.fallback();
        if (term == null) {
          throw new Misfit("'" + parameter.name() + "' is missing");
        }
      } else if (!parameter.takes(term)) {
        throw new Misfit(
            "'%s' must be %s, got %s"
                .formatted(parameter.name(), parameter.type().words(), term.kind().words()));
      }
      arguments.add(term);
    }
    if (!byName.isEmpty()) {
      throw new Misfit("no argument is named '" + byName.keySet().iterator().next() + "'");
    }
    if (!given.isEmpty()) {
      throw new Misfit("too many arguments");
    }
    return arguments;
  }

  /** All that is left, where it is whole numbers one by one. */
  private static Term sizes(List<Term> given) {
    if (given.get(0).kind() != Term.Kind.INT) {
      return given.remove(0);
    }
    Term all = new Term.Items(given.get(0).column(), given);
    given.clear();
    return all;
  }
}
