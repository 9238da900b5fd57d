package io.trainyard.shared.web;

import io.trainyard.shared.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The query parameters of lists. */
public final class PageLimit {
  private static final int DEFAULT = 50;
  private static final int MAX = 200;

  private PageLimit() {}

  /**
   * The parameter {@code limit}.
   *
   * @throws Problem of kind MALFORMED if it is not a number from 1 to 200
   */
  public static int parse(@Nullable String text) {
    return parse(text, MAX);
  }

  /** The same with another upper bound. */
  public static int parse(@Nullable String text, int max) {
    return (int) number("limit", text, DEFAULT, 1, max);
  }

  /**
   * A whole number in a query parameter or header.
   *
   * @throws Problem of kind MALFORMED if it is none between the bounds
   */
  public static long number(String name, @Nullable String text, long fallback, long min, long max) {
    if (text == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    String detail = name + ": expected a number from " + min + " to " + max;
    throw new Problem(Problem.Kind.MALFORMED, detail, List.of(new Problem.Place("", detail)));
  }
}
