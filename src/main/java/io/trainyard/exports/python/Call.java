package io.trainyard.exports.python;

import io.trainyard.shared.Argument;
import io.trainyard.shared.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The call of a class or function of torch that a {@code {"type": …}} of a document stands for. */
final class Call {
  /** Arguments that are tensors in torch and lists of numbers in a document. */
  private static final Set<String> TENSORS = Set.of("weight", "pos_weight");

  /** Whole numbers up to here are doubles without loss. */
  private static final double WHOLE = 1L << 53;

  private Call() {}

  /**
   * The call with its arguments by name.
   *
   * @param known the arguments that the kind has
   * @param first what comes before them
   */
  static String named(String function, List<Argument<?>> known, JsonNode given, String... first) {
    List<String> shown = new ArrayList<>(List.of(first));
    for (Argument<?> argument : known) {
      String value = value(argument, given);
      if (value != null) {
        shown.add(argument.name() + "=" + value);
      }
    }
    return function + "(" + String.join(", ", shown) + ")";
  }

  /** The call with those arguments in front and without names that must be there. */
  static String positional(String function, List<Argument<?>> known, JsonNode given) {
    List<String> shown = new ArrayList<>();
    for (Argument<?> argument : known) {
      String value = value(argument, given);
      if (value != null) {
        shown.add(argument.required() ? value : argument.name() + "=" + value);
      }
    }
    return function + "(" + String.join(", ", shown) + ")";
  }

  private static @Nullable String value(Argument<?> argument, JsonNode given) {
    JsonNode value = given.get(argument.name());
    boolean initializes = argument.name().equals("init") && value != null && !value.isNumber();
    if (value == null || initializes || (value.isNull() && !argument.nullable())) {
      return null;
    }
    if (TENSORS.contains(argument.name()) && value.isArray()) {
      List<Double> numbers =
          StreamSupport.stream(value.spliterator(), false).map(JsonNode::doubleValue).toList();
      String list = PythonText.of(numbers).replace(",)", ")");
      return "torch.tensor([" + list.substring(1, list.length() - 1) + "])";
    }
    return python(value);
  }

  /** A value of a document as a literal. */
  static String python(JsonNode value) {
    return PythonText.of(plain(value));
  }

  private static @Nullable Object plain(JsonNode value) {
    if (value.isArray()) {
      List<Object> items = new ArrayList<>();
      value.forEach(item -> items.add(plain(item)));
      return items;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isNumber()) {
      double number = value.doubleValue();
      // A document may write 3.0 where torch wants 3.
      boolean whole = number == Math.rint(number) && Math.abs(number) < WHOLE;
      return whole ? (Object) (long) number : (Object) number;
    }
    return value.isNull() ? null : value.stringValue();
  }
}
