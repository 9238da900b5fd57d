package io.trainyard.shared;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    return node.isNumber() && value(node) == Math.rint(value(node));
  }

  /** A finite number, near enough. */
  static boolean isFinite(JsonNode node) {
    return node.isNumber() && Double.isFinite(value(node));
  }

  /** A whole number of several hundred digits is no double; Jackson has an exception for it. */
  private static double value(JsonNode node) {
    return node.asDouble(Double.POSITIVE_INFINITY);
  }

  /** What {@link #integer} reads. */
  static ObjectNode integerSchema() {
    return Json.object()
        .put("type", "integer")
        .put("minimum", Integer.MIN_VALUE)
        .put("maximum", Integer.MAX_VALUE);
  }

  static Integer size(JsonNode node) {
    Integer size = integer(node);
    if (size < 1) {
      throw expected("a number at least 1", node);
    }
    return size;
  }

  static Double number(JsonNode node) {
    if (!isFinite(node)) {
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

  static <E> Parser<Map<String, E>> map(Parser<E> element) {
    return node -> {
      if (!node.isObject()) {
        throw expected("an object", node);
      }
      Map<String, E> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        try {
          values.put(member.getKey(), element.parse(member.getValue()));
        } catch (Refused e) {
          throw new Refused(
              Json.pointer("", member.getKey()) + e.pointer(), String.valueOf(e.getMessage()));
        }
      }
      return Collections.unmodifiableMap(values);
    };
  }

  static Refused expected(String what, JsonNode got) {
    return new Refused("expected " + what + ", got " + Json.describe(got));
  }
}
