package io.trainyard.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** A JSON Schema in a few words, for a table. */
final class SchemaText {
  /** What schemas refer to, as the page says it. */
  private static final Map<String, String> REFERENCES =
      Map.of(
          "init", "[init](#first-values)",
          "Loss", "[loss](#losses)",
          "Optimizer", "[optimizer](#optimizers)",
          "Scheduler", "[scheduler](#schedulers)",
          "Name", "name",
          "InlineModel", "model inline",
          "InlineSyntheticSpec", "synthetic dataset");

  private SchemaText() {}

  /** The type with its bounds; that null is allowed where something may be left out is not said. */
  static String type(JsonNode schema) {
    if (schema.has("$ref")) {
      String reference = schema.get("$ref").stringValue();
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      String words = REFERENCES.get(name);
      if (words == null) {
        throw new IllegalArgumentException("the page has no words for " + reference);
      }
      return words;
    }
    for (String union : List.of("anyOf", "oneOf")) {
      // Beside a type it is about the members.
      if (schema.has(union) && !schema.has("type")) {
        return schema
            .get(union)
            .valueStream()
            .filter(form -> !isNull(form.path("type")))
            .map(SchemaText::type)
            .collect(Collectors.joining(" or "));
      }
    }
    if (schema.has("enum")) {
      return schema
          .get("enum")
          .valueStream()
          .filter(JsonNode::isString)
          .map(word -> "`\"" + word.stringValue() + "\"`")
          .collect(Collectors.joining(", "));
    }
    return switch (word(schema.path("type"))) {
      case "array" -> array(schema);
      case "object" ->
          schema.path("additionalProperties").isObject()
              ? "object: each " + type(schema.get("additionalProperties"))
              : "object";
      case "string" -> "string";
      case "boolean" -> "boolean";
      case "integer" -> "integer" + bounds(schema);
      case "number" -> "number" + bounds(schema);
      default -> throw new IllegalArgumentException("the page has no words for " + schema);
    };
  }

  private static boolean isNull(JsonNode type) {
    return type.isString() && type.stringValue().equals("null");
  }

  private static String word(JsonNode type) {
    if (type.isString()) {
      return type.stringValue();
    }
    return StreamSupport.stream(type.spliterator(), false)
        .filter(t -> !isNull(t))
        .findFirst()
        .map(JsonNode::stringValue)
        .orElse("");
  }

  private static String array(JsonNode schema) {
    JsonNode fewest = schema.path("minItems");
    String count =
        fewest.isNumber() && fewest.equals(schema.path("maxItems")) ? fewest + " × " : "";
    String items = schema.has("items") ? type(schema.get("items")) : "anything";
    return "array of " + count + items;
  }

  private static String bounds(JsonNode schema) {
    List<String> bounds = new ArrayList<>();
    bound(schema.path("minimum"), "≥ ", bounds);
    bound(schema.path("exclusiveMinimum"), "> ", bounds);
    bound(schema.path("maximum"), "≤ ", bounds);
    bound(schema.path("exclusiveMaximum"), "< ", bounds);
    return bounds.isEmpty() ? "" : " " + String.join(", ", bounds);
  }

  /** The bounds of an int go without saying. */
  private static void bound(JsonNode bound, String sign, List<String> bounds) {
    if (bound.isNumber()
        && bound.doubleValue() != Integer.MIN_VALUE
        && bound.doubleValue() != Integer.MAX_VALUE) {
      bounds.add(sign + bound);
    }
  }

  /** JSON on one line, with a space where a reader looks for one. */
  static String json(JsonNode node) {
    if (node.isObject()) {
      return node.properties().stream()
          .map(member -> "\"" + member.getKey() + "\": " + json(member.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (node.isArray()) {
      return node.valueStream().map(SchemaText::json).collect(Collectors.joining(", ", "[", "]"));
    }
    return node.toString();
  }
}
