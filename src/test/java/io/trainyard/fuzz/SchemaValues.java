package io.trainyard.fuzz;

import io.trainyard.shared.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Documents that a vocabulary's JSON Schema accepts, so that a word that is added to it is tried
 * without a change here.
 */
final class SchemaValues {
  private final Draw draw;
  private final JsonNode definitions;
  private final List<Integer> sizes;
  private final Map<String, Supplier<@Nullable JsonNode>> members;

  /**
   * @param schema with what it refers to in {@code $defs}
   * @param sizes whole numbers that are likely to fit
   * @param members values by the names of members whose schema does not tell enough; null leaves
   *     one out
   */
  SchemaValues(
      Draw draw,
      JsonNode schema,
      List<Integer> sizes,
      Map<String, Supplier<@Nullable JsonNode>> members) {
    this.draw = draw;
    this.definitions = schema.get("$defs");
    this.sizes = sizes;
    this.members = members;
  }

  /** One of the kinds, with what is required and some of the rest. */
  ObjectNode kind(String type) {
    return object(definitions.get(type));
  }

  private ObjectNode object(JsonNode schema) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.stringValue()));
    ObjectNode object = Json.object();
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      String name = member.getKey();
      if (required.contains(name) || draw.chance(0.3)) {
        Supplier<@Nullable JsonNode> own = members.get(name);
        JsonNode value = own != null ? own.get() : value(member.getValue());
        if (value != null) {
          object.set(name, value);
        }
      }
    }
    return object;
  }

  private JsonNode value(JsonNode schema) {
    if (schema.has("$ref")) {
      return value(definitions.get(schema.get("$ref").stringValue().substring(8)));
    }
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(draw.number(0, schema.get("enum").size() - 1));
    }
    for (String union : List.of("oneOf", "anyOf")) {
      if (schema.has(union)) {
        return value(schema.get(union).get(draw.number(0, schema.get(union).size() - 1)));
      }
    }
    JsonNode type = schema.path("type");
    String word = type.isArray() ? type.get(0).stringValue() : type.asString("");
    return switch (word) {
      case "integer" -> Json.tree(integer(schema));
      case "number" -> Json.tree(number(schema));
      case "boolean" -> Json.tree(draw.chance(0.5));
      case "array" -> array(schema);
      case "object" -> object(schema);
      default -> Json.tree("x");
    };
  }

  private int integer(JsonNode schema) {
    int least = (int) Math.max(-3, schema.path("minimum").asDouble(-3));
    int value = draw.chance(0.6) ? draw.of(sizes) : draw.number(least, 3);
    return Math.max(least, value);
  }

  private double number(JsonNode schema) {
    double least = schema.path("minimum").asDouble(schema.path("exclusiveMinimum").asDouble(-2));
    double most =
        schema.path("maximum").asDouble(schema.path("exclusiveMaximum").asDouble(least + 2));
    boolean open = schema.has("exclusiveMinimum") || schema.has("exclusiveMaximum");
    return !open && draw.chance(0.2) ? draw.of(least, most) : draw.real(least, most) + 1e-9;
  }

  private ArrayNode array(JsonNode schema) {
    int least = schema.path("minItems").asInt(1);
    int length = draw.number(least, Math.max(least, schema.path("maxItems").asInt(3)));
    ArrayNode array = Json.MAPPER.createArrayNode();
    for (int i = 0; i < length; i++) {
      array.add(value(schema.get("items")));
    }
    return array;
  }
}
