package io.trainyard.shared;

import io.trainyard.shared.Argument.Refused;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How an argument's value is read. */
interface Parser<T> {

  /**
   * Reads a value.
   *
   * @throws Refused if it is none of this type
   */
  T parse(JsonNode node);

  static Integer integer(JsonNode node) {
    if (!isWhole(node) || !node.canConvertToInt()) {
      throw expected("a whole number", node);
    }
    return node.asInt();
  }

  /** 3.0 is a whole number, as it is to JSON Schema and to clients that know no integers. */
  static boolean isWhole(JsonNode node) {
    return node.isNumber() && node.doubleValue() == Math.rint(node.doubleValue());
  }

  /** What {@link #integer} reads. */
  static ObjectNode integerSchema() {
    return Json.object()
        .put("type", "integer")
        .put("minimum", Integer.MIN_VALUE)
        .put("maximum", Integer.MAX_VALUE);
  }

  static Double number(JsonNode node) {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw expected("a finite number", node);
    }
    return node.doubleValue();
  }

  static String text(JsonNode node) {
    if (!node.isString()) {
      throw expected("a text", node);
    }
    return node.stringValue();
  }

  static <E> Parser<List<E>> list(Parser<E> element) {
    return node -> {
      if (!node.isArray()) {
        throw expected("an array", node);
      }
      List<E> values = new ArrayList<>();
      for (JsonNode item : node) {
        try {
          values.add(element.parse(item));
        } catch (Refused e) {
          throw new Refused("/" + values.size(), String.valueOf(e.getMessage()));
        }
      }
      return List.copyOf(values);
    };
  }

  static Refused expected(String what, JsonNode got) {
    return new Refused("expected " + what + ", got " + Json.describe(got));
  }
}
