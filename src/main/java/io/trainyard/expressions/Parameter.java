package io.trainyard.expressions;

import org.jspecify.annotations.Nullable;

/**
 * One parameter of an operator.
 *
 * @param fallback what stands for an argument that is left out; null if it must be there
 * @param nullable whether it takes None
 * @param keywordOnly whether it must be named
 */
record Parameter(
    String name,
    Type type,
    Term.@Nullable Literal fallback,
    boolean nullable,
    boolean keywordOnly) {

  /** What a parameter takes. */
  enum Type {
    TENSOR("Tensor", "a tensor"),
    NUMBER("Number", "a number"),
    OPERAND("Operand", "a tensor or a number"),
    /** A number that torch's schema wants with a point. */
    FLOAT("float", "a number"),
    INT("int", "a whole number"),
    /** A whole number, or a list of some. */
    INTS("ints", "whole numbers"),
    /** A list of whole numbers, or several arguments. */
    SIZES("sizes", "whole numbers"),
    FLAG("bool", "True or False"),
    TEXT("str", "a text"),
    TENSORS("tensors", "a list of tensors"),
    /** A number or a list of some. */
    NUMBERS("numbers", "numbers"),
    PAIR("pair", "a pair");

    private final String word;
    private final String words;

    Type(String word, String words) {
      this.word = word;
      this.words = words;
    }

    boolean takes(Term.Kind kind) {
      return switch (this) {
        case TENSOR -> kind == Term.Kind.TENSOR;
        case NUMBER, FLOAT -> kind.isNumber();
        case OPERAND -> kind == Term.Kind.TENSOR || kind.isNumber();
        case INT -> kind == Term.Kind.INT;
        case INTS, SIZES -> kind == Term.Kind.INT || kind == Term.Kind.INTS;
        case FLAG -> kind == Term.Kind.FLAG;
        case TEXT -> kind == Term.Kind.TEXT;
        case TENSORS -> kind == Term.Kind.TENSORS;
        case NUMBERS -> kind.isNumber() || kind == Term.Kind.INTS || kind == Term.Kind.NUMBERS;
        case PAIR -> kind == Term.Kind.PAIR;
      };
    }

    /** For error messages. */
    String words() {
      return words;
    }

    static Type of(String word) {
      for (Type type : values()) {
        if (type.word.equals(word)) {
          return type;
        }
      }
      throw new IllegalArgumentException(word);
    }
  }

  /** Reads {@code Tensor input}, {@code ints? dim=None}, {@code float beta=1.0}. */
  static Parameter parse(String text, boolean keywordOnly) {
    String[] typeAndRest = text.strip().split(" ", 2);
    String[] nameAndFallback = typeAndRest[1].split("=", 2);
    boolean nullable = typeAndRest[0].endsWith("?");
    Type type = Type.of(typeAndRest[0].replace("?", ""));
    Term.Literal fallback =
        nameAndFallback.length == 1 ? null : new Term.Literal(0, value(nameAndFallback[1]));
    return new Parameter(nameAndFallback[0], type, fallback, nullable, keywordOnly);
  }

  private static Object value(String text) {
    return switch (text) {
      case "None" -> Term.None.NONE;
      case "True" -> true;
      case "False" -> false;
      default ->
          text.startsWith("'")
              ? text.substring(1, text.length() - 1)
              : text.contains(".") ? (Object) Double.valueOf(text) : (Object) Long.valueOf(text);
    };
  }

  boolean takes(Term term) {
    return type.takes(term.kind()) || (nullable && term.kind() == Term.Kind.NONE);
  }

  /** As in a Python signature. */
  String shown() {
    String stars = type == Type.SIZES ? "*" : "";
    if (fallback == null) {
      return stars + name;
    }
    Object value = fallback.value();
    return name
        + "="
        + (value == Term.None.NONE
            ? "None"
            : value instanceof String s ? "'" + s + "'" : python(value));
  }

  private static String python(Object value) {
    String text = value.toString();
    return value instanceof Boolean flag ? (flag ? "True" : "False") : text;
  }
}
