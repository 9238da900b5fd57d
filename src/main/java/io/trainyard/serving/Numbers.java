package io.trainyard.serving;

import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Writes float32 numbers as JSON; those that JSON has not are texts, as in tensors elsewhere. */
final class Numbers {
  private Numbers() {}

  static void add(ArrayNode to, float value) {
    if (Float.isFinite(value)) {
      to.add(value);
    } else {
      to.add(Float.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
  }

  /** All of a buffer, flat. */
  static void addAll(ArrayNode to, FloatBuffer values) {
    FloatBuffer rest = values.duplicate();
    while (rest.hasRemaining()) {
      add(to, rest.get());
    }
  }

  /**
   * One row in the arrays of its shape; a single number of shape [1] for itself.
   *
   * @param values with the row next
   */
  static JsonNode row(FloatBuffer values, Shape shape) {
    ArrayNode row = nested(values, shape.dimensions());
    return shape.rank() == 1 && shape.size(0) == 1 ? row.get(0) : row;
  }

  private static ArrayNode nested(FloatBuffer values, List<Integer> sizes) {
    ArrayNode array = Json.MAPPER.createArrayNode();
    for (int i = 0; i < sizes.get(0); i++) {
      if (sizes.size() == 1) {
        add(array, values.get());
      } else {
        array.add(nested(values, sizes.subList(1, sizes.size())));
      }
    }
    return array;
  }
}
