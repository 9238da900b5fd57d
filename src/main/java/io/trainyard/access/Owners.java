package io.trainyard.access;

import java.util.regex.Pattern;

/** The names of owners, which are stored and logged. */
final class Owners {
  static final String EXPECTED =
      "expected 1 to 100 characters without spaces or control characters";

  private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}]{1,100}");

  private Owners() {}

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
