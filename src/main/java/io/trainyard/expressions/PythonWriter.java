package io.trainyard.expressions;

import io.trainyard.shared.PythonText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Writes a term as Python over {@code torch}, {@code F} and {@code math}: symbols for what was
 * written with symbols, methods where torch has one, with the arguments that are not the defaults.
 * The language lets every operator be a method or a function; torch does not.
 */
final class PythonWriter {
  /** How tightly a piece of text binds; a looser one needs parentheses inside a tighter one. */
  private static final int COMPARISON = 0;

  private static final int SUM = 4;
  private static final int PRODUCT = 5;
  private static final int UNARY = 6;
  private static final int POWER = 7;
  private static final int ATOM = 8;

  private record Symbol(String text, int level) {}

  private static final Map<String, Symbol> SYMBOLS =
      Map.ofEntries(
          Map.entry("lt", new Symbol("<", COMPARISON)),
          Map.entry("le", new Symbol("<=", COMPARISON)),
          Map.entry("gt", new Symbol(">", COMPARISON)),
          Map.entry("ge", new Symbol(">=", COMPARISON)),
          Map.entry("eq", new Symbol("==", COMPARISON)),
          Map.entry("ne", new Symbol("!=", COMPARISON)),
          Map.entry("bitwise_or", new Symbol("|", 1)),
          Map.entry("bitwise_xor", new Symbol("^", 2)),
          Map.entry("bitwise_and", new Symbol("&", 3)),
          Map.entry("add", new Symbol("+", SUM)),
          Map.entry("sub", new Symbol("-", SUM)),
          Map.entry("mul", new Symbol("*", PRODUCT)),
          Map.entry("div", new Symbol("/", PRODUCT)),
          Map.entry("matmul", new Symbol("@", PRODUCT)));

  private static final Map<String, Integer> OF_NUMBERS =
      Map.of("+", SUM, "-", SUM, "*", PRODUCT, "/", PRODUCT);

  /** What only torch.nn.functional has. */
  private static final Set<String> FUNCTIONAL = functional();

  /** What only torch has. */
  private static final Set<String> FUNCTIONS =
      Set.of("where", "cat", "concat", "stack", "tensor", "zeros_like", "ones_like", "full_like");

  private record Text(String text, int level) {
    String within(int tightness) {
      return level < tightness ? "(" + text + ")" : text;
    }
  }

  private final UnaryOperator<String> variableOf;

  PythonWriter(UnaryOperator<String> variableOf) {
    this.variableOf = variableOf;
  }

  private static Set<String> functional() {
    Set<String> names =
        new HashSet<>(
            Set.of("silu", "mish", "selu", "relu6", "hardswish", "logsigmoid", "softsign"));
    names.addAll(Set.of("softplus", "leaky_relu", "elu", "gelu", "hardtanh", "softmin", "linear"));
    names.add("one_hot");
    LossFunctions.OPERATORS.forEach(operator -> names.add(operator.name()));
    return Set.copyOf(names);
  }

  String write(Term term) {
    return text(term).text();
  }

  private Text text(Term term) {
    if (term instanceof Term.Name name) {
      return new Text(variableOf.apply(name.name()), ATOM);
    }
    if (term instanceof Term.Literal literal) {
      Object value = literal.value() == Term.None.NONE ? null : literal.value();
      String text = PythonText.of(value);
      return new Text(text, text.startsWith("-") ? UNARY : ATOM);
    }
    if (term instanceof Term.Items items) {
      return new Text(items(items), ATOM);
    }
    Term.Apply apply = (Term.Apply) term;
    if (apply.spelled().startsWith("'")) {
      return symbolic(apply);
    }
    return new Text(
        switch (apply.spelled()) {
          case "index" -> subscript(apply, written(apply, 2));
          case "slice" -> subscript(apply, slice(apply));
          case "None" -> receiver(apply) + ".unsqueeze(" + written(apply, 1) + ")";
          case "T", "values", "indices" -> receiver(apply) + "." + apply.spelled();
          case "data" -> receiver(apply) + ".detach()";
          default -> call(apply);
        },
        ATOM);
  }

  private Text symbolic(Term.Apply apply) {
    String name = apply.operator().name();
    List<Term> arguments = apply.arguments();
    if (arguments.get(0) instanceof Term.Apply inner
        && inner.operator().name().equals("reciprocal")
        && inner.spelled().equals("'/'")) {
      // A number divided by a tensor, which torch makes a reciprocal, too.
      Text divisor = text(inner.arguments().get(0));
      return binary(text(arguments.get(1)), new Symbol("/", PRODUCT), divisor);
    }
    Text first = text(arguments.get(0));
    switch (name) {
      case "neg" -> {
        return new Text("-" + first.within(UNARY), UNARY);
      }
      case "bitwise_not" -> {
        return new Text("~" + first.within(UNARY), UNARY);
      }
      case "pow" -> {
        String exponent = text(arguments.get(1)).within(UNARY);
        return new Text(first.within(ATOM) + " ** " + exponent, POWER);
      }
      case "rsub" -> {
        return binary(text(arguments.get(1)), new Symbol("-", SUM), first);
      }
      case "number" -> {
        String symbol = apply.spelled().replace("'", "");
        int level = OF_NUMBERS.getOrDefault(symbol, PRODUCT);
        return binary(first, new Symbol(symbol, level), text(arguments.get(1)));
      }
      default -> {
        Symbol symbol = SYMBOLS.get(name);
        if (symbol == null) {
          throw new IllegalArgumentException("no symbol for " + name);
        }
        return binary(first, symbol, text(arguments.get(1)));
      }
    }
  }

  private static Text binary(Text left, Symbol symbol, Text right) {
    int leftLevel = symbol.level() == COMPARISON ? COMPARISON + 1 : symbol.level();
    return new Text(
        "%s %s %s"
            .formatted(left.within(leftLevel), symbol.text(), right.within(symbol.level() + 1)),
        symbol.level());
  }

  private String call(Term.Apply apply) {
    Operator operator = apply.operator();
    String name = operator.name();
    if (FUNCTIONAL.contains(name)) {
      return "F." + name + "(" + String.join(", ", arguments(apply, 0)) + ")";
    }
    if (FUNCTIONS.contains(name) || apply.arguments().get(0).kind() != Term.Kind.TENSOR) {
      return "torch." + name + "(" + String.join(", ", arguments(apply, 0)) + ")";
    }
    return "%s.%s(%s)".formatted(receiver(apply), name, String.join(", ", arguments(apply, 1)));
  }

  /**
   * Those that may be left out, and what follows one that is, by name.
   *
   * @param from the first; 1 where what is before it is a receiver, as writing it twice at each
   *     level would take for ever
   */
  private List<String> arguments(Term.Apply apply, int from) {
    List<Parameter> parameters = apply.operator().parameters();
    // torch tells var's forms apart by whether dim is there.
    boolean whole = parameters.stream().anyMatch(p -> p.name().equals("correction"));
    List<String> shown = new ArrayList<>();
    for (int i = from; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      if (whole || !isDefault(parameter, apply.arguments().get(i))) {
        String written = written(apply, i);
        boolean named =
            parameter.fallback() != null || parameter.keywordOnly() || shown.size() < i - from;
        shown.add(named ? parameter.name() + "=" + written : written);
      }
    }
    return shown;
  }

  private static boolean isDefault(Parameter parameter, Term term) {
    return parameter.fallback() != null
        && term instanceof Term.Literal literal
        && literal.value().equals(parameter.fallback().value());
  }

  private String receiver(Term.Apply apply) {
    return text(apply.arguments().get(0)).within(ATOM);
  }

  private String written(Term.Apply apply, int index) {
    return text(apply.arguments().get(index)).text();
  }

  private String slice(Term.Apply apply) {
    String start = isNone(apply, 2) ? "" : written(apply, 2);
    String end = isNone(apply, 3) ? "" : written(apply, 3);
    String step = written(apply, 4);
    return start + ":" + end + (step.equals("1") ? "" : ":" + step);
  }

  private static boolean isNone(Term.Apply apply, int index) {
    return apply.arguments().get(index).kind() == Term.Kind.NONE;
  }

  /** The index of dimension {@code dim}, which is counted from the end if negative. */
  private String subscript(Term.Apply apply, String index) {
    int dim = Integer.parseInt(written(apply, 1));
    String text = dim < 0 ? "..., " + index + ", :".repeat(-1 - dim) : ":, ".repeat(dim) + index;
    return receiver(apply) + "[" + text + "]";
  }

  private String items(Term.Items items) {
    String text = items.items().stream().map(this::write).collect(Collectors.joining(", "));
    return items.kind() == Term.Kind.INTS
        ? "(" + text + (items.items().size() == 1 ? ",)" : ")")
        : "[" + text + "]";
  }
}
