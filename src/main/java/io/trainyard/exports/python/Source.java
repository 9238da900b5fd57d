package io.trainyard.exports.python;

import java.util.ArrayList;
import java.util.List;

/** Lines of a program as they come. */
final class Source {
  private static final String STEP = "    ";
  private final List<String> lines = new ArrayList<>();

  /** Adds lines, each after the same number of indentations. */
  Source add(int depth, String text) {
    text.lines().forEach(line -> lines.add(line.isEmpty() ? "" : STEP.repeat(depth) + line));
    return this;
  }

  Source addIf(boolean condition, int depth, String text) {
    return condition ? add(depth, text) : this;
  }

  Source addAll(Source other) {
    lines.addAll(other.lines);
    return this;
  }

  /** Two empty lines, as before a class or function. */
  Source apart() {
    lines.add("");
    lines.add("");
    return this;
  }

  Source blank() {
    lines.add("");
    return this;
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }
}
