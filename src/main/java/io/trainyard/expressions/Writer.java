package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes a term in TorchScript's serialized form. */
final class Writer {
  private final Function<String, String> variableOf;

  Writer(Function<String, String> variableOf) {
    this.variableOf = variableOf;
  }

  String write(Term term) {
    if (term instanceof Term.Name name) {
      return variableOf.apply(name.name());
    }
    if (term instanceof Term.Literal literal) {
      return literal(literal.value());
    }
    if (term instanceof Term.Items items) {
      return list(items.items().stream().map(this::write).toList());
    }
    Term.Apply apply = (Term.Apply) term;
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < apply.arguments().size(); i++) {
      arguments.add(argument(apply.operator().parameters().get(i), apply.arguments().get(i)));
    }
    return apply.operator().script().write(arguments);
  }

  private String argument(Parameter parameter, Term term) {
    return switch (parameter.type()) {
      case INTS, SIZES -> term.kind() == Term.Kind.INT ? "[" + write(term) + "]" : write(term);
      case FLOAT -> term.kind() == Term.Kind.INT ? "float(" + write(term) + ")" : write(term);
      case NUMBERS ->
          // A list has one element type in TorchScript.
          term instanceof Term.Items items && term.kind() == Term.Kind.NUMBERS
              ? list(items.items().stream().map(i -> "float(" + write(i) + ")").toList())
              : write(term);
      default -> write(term);
    };
  }

  /** Only lists of whole numbers can be empty where a parameter takes one. */
  private static String list(List<String> items) {
    return items.isEmpty() ? "annotate(List[int], [])" : "[" + String.join(", ", items) + "]";
  }

  private static String literal(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    if (value instanceof String text) {
      return "\"" + text + "\"";
    }
    if (value instanceof Double number && number.isInfinite()) {
      return number > 0 ? "inf" : "-inf";
    }
    return value == Term.None.NONE ? "None" : value.toString();
  }
}
