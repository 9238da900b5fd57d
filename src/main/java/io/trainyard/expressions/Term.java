package io.trainyard.expressions;

import java.util.List;

/** An expression whose words have been looked up: what is left is to check shapes. */
sealed interface Term {
  /** How deep a term may be: the readers after it are recursive, here and in torch. */
  int MAX_DEPTH = 100;

  /** What a term stands for, as far as it can be told without shapes. */
  enum Kind {
    TENSOR("a tensor"),
    INT("a whole number"),
    FLOAT("a number"),
    FLAG("True or False"),
    TEXT("a text"),
    NONE("None"),
    INTS("a list of whole numbers"),
    NUMBERS("a list of numbers"),
    TENSORS("a list of tensors"),
    PAIR("a pair of tensors (values, indices)"),
    MIXED("a list");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    boolean isNumber() {
      return this == INT || this == FLOAT;
    }
  }

  /** The place in the text, from 1. */
  int column();

  Kind kind();

  default int depth() {
    return 1;
  }

  /** A tensor of the scope. */
  record Name(int column, String name) implements Term {
    @Override
    public Kind kind() {
      return Kind.TENSOR;
    }
  }

  /** A value that the text itself gives: a Long, Double, Boolean, String or {@link None}. */
  record Literal(int column, Object value) implements Term {
    static Literal none(int column) {
      return new Literal(column, None.NONE);
    }

    static Literal text(int column, String quoted) {
      return new Literal(column, quoted.substring(1, quoted.length() - 1));
    }

    @Override
    public Kind kind() {
      if (value instanceof Long) {
        return Kind.INT;
      }
      if (value instanceof Double) {
        return Kind.FLOAT;
      }
      if (value instanceof Boolean) {
        return Kind.FLAG;
      }
      return value instanceof String ? Kind.TEXT : Kind.NONE;
    }
  }

  /** Python's None. */
  enum None {
    NONE
  }

  /**
   * A list or tuple.
   *
   * @param kind known beforehand, as is {@code depth}: asking all that is inside at each level
   *     would take for ever
   */
  record Items(int column, List<Term> items, Kind kind, int depth) implements Term {
    Items(int column, List<Term> items) {
      this(
          column,
          List.copyOf(items),
          kind(items),
          1 + items.stream().mapToInt(Term::depth).max().orElse(0));
    }

    private static Kind kind(List<Term> items) {
      if (items.stream().allMatch(i -> i.kind() == Kind.INT)) {
        return Kind.INTS;
      }
      if (items.stream().allMatch(i -> i.kind().isNumber())) {
        return Kind.NUMBERS;
      }
      return items.stream().allMatch(i -> i.kind() == Kind.TENSOR) ? Kind.TENSORS : Kind.MIXED;
    }
  }

  /**
   * An operator on arguments, one for each of its parameters.
   *
   * @param spelled how the text calls the operator
   * @param depth known beforehand, as asking the arguments each time would take for ever
   */
  record Apply(int column, String spelled, Operator operator, List<Term> arguments, int depth)
      implements Term {

    static Apply of(int column, String spelled, Operator operator, List<Term> arguments)
        throws ExpressionException {
      int depth = 1 + arguments.stream().mapToInt(Term::depth).max().orElse(0);
      if (depth > MAX_DEPTH) {
        throw new ExpressionException(
            column, "the expression is nested more than " + MAX_DEPTH + " deep");
      }
      return new Apply(column, spelled, operator, List.copyOf(arguments), depth);
    }

    @Override
    public Kind kind() {
      return operator.result();
    }
  }
}
