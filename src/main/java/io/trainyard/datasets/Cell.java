package io.trainyard.datasets;

import java.util.Locale;
import java.util.Set;

/** The reading of one cell's text. */
final class Cell {
  private static final int SHOWN = 40;
  private static final int LONG_DIGITS = 18;
  private static final int FEW_DIGITS = 20;
  private static final Set<String> NOT_FINITE_WORDS = Set.of("nan", "inf", "infinity");

  enum Kind {
    EMPTY,
    INTEGER,
    NUMBER,
    /** A number that float32 cannot hold: NaN, infinite or too large. */
    NOT_FINITE,
    TEXT;

    boolean finite() {
      return this == INTEGER || this == NUMBER;
    }
  }

  private Cell() {}

  /**
   * What a text without surrounding white space is. Numbers are decimal, with a point and an
   * exponent if need be; unlike in {@link Double#parseDouble} neither hexadecimal nor suffixed.
   */
  static Kind kind(String text) {
    if (text.isEmpty()) {
      return Kind.EMPTY;
    }
    int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    int at = digits(text, start);
    int digits = at - start;
    if (at == text.length() && digits > 0 && digits <= LONG_DIGITS) {
      return Kind.INTEGER;
    }
    if (at < text.length() && text.charAt(at) == '.') {
      int end = digits(text, at + 1);
      digits += end - at - 1;
      at = end;
    }
    if (digits > 0 && at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int sign = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 ? 1 : 0;
      int end = digits(text, at + 1 + sign);
      at = end > at + 1 + sign ? end : at;
    }
    if (digits == 0 || at < text.length()) {
      String word = text.length() > 9 ? "" : text.substring(start).toLowerCase(Locale.ROOT);
      return NOT_FINITE_WORDS.contains(word) ? Kind.NOT_FINITE : Kind.TEXT;
    }
    // Parsing is the costly part. Two characters besides the digits leave room for a sign and a
    // point, or for an exponent of one digit: with few digits that is no large number.
    boolean surelySmall = digits <= FEW_DIGITS && at - digits <= 2;
    return surelySmall || Float.isFinite((float) Double.parseDouble(text))
        ? Kind.NUMBER
        : Kind.NOT_FINITE;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /** The text for a message. */
  static String show(String text) {
    return "'" + cut(text, SHOWN) + "'";
  }

  static String cut(String text, int length) {
    return text.length() > length ? text.substring(0, length) + "…" : text;
  }

  /** Why a cell cannot stand in a column of numbers. */
  static String refusal(long line, String column, Kind kind, String text) {
    String what =
        switch (kind) {
          case EMPTY -> "the cell is empty, in a column of numbers";
          case NOT_FINITE -> show(text) + " is not a finite float32 number";
          default -> show(text) + " is not a number, as most cells of the column are";
        };
    return "line " + line + ", column " + show(column) + ": " + what;
  }
}
