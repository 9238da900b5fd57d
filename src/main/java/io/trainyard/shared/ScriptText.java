package io.trainyard.shared;

import java.util.List;
import java.util.stream.Collectors;

/** Values as literals of TorchScript's serialized form. */
public final class ScriptText {
  private ScriptText() {}

  public static String flag(boolean value) {
    return value ? "True" : "False";
  }

  public static String list(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
