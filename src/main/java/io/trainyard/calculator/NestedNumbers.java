package io.trainyard.calculator;

import io.trainyard.expressions.DType;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.training.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a tensor's values from nested arrays, as torch.tensor does from nested lists. */
final class NestedNumbers {
  static final int MAX_ELEMENTS = 1 << 20;
  private static final int MAX_RANK = 8;

  /** JSON has no numbers for these. */
  private static final Map<String, Double> WORDS =
      Map.of(
          "NaN", Double.NaN,
          "Infinity", Double.POSITIVE_INFINITY,
          "-Infinity", Double.NEGATIVE_INFINITY);

  private final TensorData data;
  private final Errors errors;
  private int next;

  private NestedNumbers(TensorData data, Errors errors) {
    this.data = data;
    this.errors = errors;
  }

  /**
   * Reads a number, or arrays of arrays of numbers that are as long as each other.
   *
   * @return null if there was an error
   */
  static @Nullable TensorData read(JsonNode node, DType dtype, String pointer, Errors errors) {
    List<Long> sizes = new ArrayList<>();
    long elements = 1;
    for (JsonNode first = node; first.isArray(); first = first.get(0)) {
      if (first.isEmpty()) {
        errors.add(pointer + "/0".repeat(sizes.size()), "expected at least one element");
        return null;
      }
      sizes.add((long) first.size());
      elements *= first.size();
      if (sizes.size() > MAX_RANK || elements > MAX_ELEMENTS) {
        errors.add(
            pointer,
            "expected at most %d dimensions and %d elements".formatted(MAX_RANK, MAX_ELEMENTS));
        return null;
      }
    }
    NestedNumbers numbers = new NestedNumbers(TensorData.allocate(dtype, sizes), errors);
    return numbers.fill(node, 0, pointer) ? numbers.data : null;
  }

  /** Stops at the first error: the next ones would follow from it. */
  private boolean fill(JsonNode node, int depth, String pointer) {
    if (depth == data.sizes().size()) {
      String expected = put(node);
      if (expected != null) {
        errors.add(pointer, "expected " + expected + ", got " + Json.describe(node));
        return false;
      }
      next++;
      return true;
    }
    long size = data.sizes().get(depth);
    if (!node.isArray() || node.size() != size) {
      String got = node.isArray() ? Integer.toString(node.size()) : Json.describe(node);
      errors.add(
          pointer, "expected an array of %d as in the first one here, got %s".formatted(size, got));
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!fill(node.get(i), depth + 1, pointer + "/" + i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes an element.
   *
   * @return what was expected instead, or null
   */
  private @Nullable String put(JsonNode node) {
    switch (data.dtype()) {
      case BOOL -> {
        if (!node.isBoolean()) {
          return "true or false";
        }
        data.set(next, node.booleanValue());
      }
      case INT64 -> {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
          return "a whole number";
        }
        data.set(next, node.longValue());
      }
      case FLOAT32, FLOAT64 -> {
        Double word = node.isString() ? WORDS.get(node.stringValue()) : null;
        if (word == null && !node.isNumber()) {
          return "a number, \"NaN\", \"Infinity\" or \"-Infinity\"";
        }
        double value = word != null ? word : node.asDouble(Double.POSITIVE_INFINITY);
        data.set(next, value);
        if (word == null && Double.isInfinite(data.number(next))) {
          return "a number within the range of " + data.dtype();
        }
      }
    }
    return null;
  }
}
