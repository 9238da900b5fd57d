package io.trainyard.datasets;

import java.util.Locale;
import java.util.Set;
import tools.jackson.core.io.NumberInput;

/**
 * Reads cells, one after the other and without an object for each: what a cell's text is, and its
 * number if it is one.
 */
final class Cell {
  private static final int SHOWN = 40;
  private static final int LONG_DIGITS = 18;
  private static final int LONGEST_WORD = 9;
  private static final int MAX_EXPONENT = 10_000;
  private static final long EXACT = 1L << 53;
  private static final Set<String> NOT_FINITE_WORDS = Set.of("nan", "inf", "infinity");

  /** The powers of ten that a double holds exactly. */
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

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

  private long whole;
  private double value;

  /** What a text without surrounding white space is. */
  static Kind kind(String text) {
    return new Cell().read(text.toCharArray(), 0, text.length());
  }

  /**
   * Reads a text without surrounding white space. Numbers are decimal, with a point and an exponent
   * if need be; unlike in {@link Double#parseDouble} neither hexadecimal nor suffixed.
   */
  Kind read(char[] text, int from, int to) {
    if (from == to) {
      return Kind.EMPTY;
    }
    boolean negative = text[from] == '-';
    int start = negative || text[from] == '+' ? from + 1 : from;
    long digits = 0;
    int at = start;
    for (; at < to && isDigit(text[at]); at++) {
      digits = digits * 10 + text[at] - '0';
    }
    int count = at - start;
    if (at == to && count > 0 && count <= LONG_DIGITS) {
      whole = negative ? -digits : digits;
      value = negative ? -(double) digits : digits; // so that -0 stays
      return Kind.INTEGER;
    }
    int exponent = 0;
    if (at < to && text[at] == '.') {
      int point = at++;
      for (; at < to && isDigit(text[at]); at++) {
        digits = digits * 10 + text[at] - '0';
      }
      exponent = point + 1 - at;
      count -= exponent;
    }
    if (count > 0 && at < to && (text[at] | 0x20) == 'e') {
      boolean signed = at + 1 < to && (text[at + 1] == '-' || text[at + 1] == '+');
      int power = 0;
      int first = at + (signed ? 2 : 1);
      int end = first;
      for (; end < to && isDigit(text[end]); end++) {
        power = Math.min(MAX_EXPONENT, power * 10 + text[end] - '0');
      }
      exponent += signed && text[at + 1] == '-' ? -power : power;
      at = end > first ? end : at;
    }
    if (count == 0 || at < to) {
      return isNotFinite(text, start, to) ? Kind.NOT_FINITE : Kind.TEXT;
    }
    if (count <= LONG_DIGITS && digits <= EXACT && Math.abs(exponent) < POWERS.length) {
      // Both factors are exact, so that one operation rounds as parsing does.
      double size = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
      value = negative ? -size : size;
    } else {
      value = NumberInput.parseDouble(text, from, to - from, true);
    }
    return Float.isFinite((float) value) ? Kind.NUMBER : Kind.NOT_FINITE;
  }

  /** The number last read, if it was a finite one. */
  double value() {
    return value;
  }

  /** The number last read, if it was an INTEGER. */
  long whole() {
    return whole;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNotFinite(char[] text, int from, int to) {
    return to - from <= LONGEST_WORD
        && NOT_FINITE_WORDS.contains(new String(text, from, to - from).toLowerCase(Locale.ROOT));
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
