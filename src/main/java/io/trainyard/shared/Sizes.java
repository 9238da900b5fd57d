package io.trainyard.shared;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What torch takes as "int or tuple": one whole number for all dimensions or one for each, or, for
 * some arguments, a word in their place.
 *
 * @param values at least one; none where there is a word
 */
public record Sizes(List<Integer> values, @Nullable String word) {

  public Sizes {
    values = List.copyOf(values);
  }

  /** The same for all dimensions. */
  public static Sizes of(int value) {
    return new Sizes(List.of(value), null);
  }

  /** One for each of so many dimensions. */
  public List<Integer> each(int dimensions) {
    return values.size() == 1 ? Collections.nCopies(dimensions, values.get(0)) : values;
  }

  @JsonValue
  Object json() {
    return word != null ? word : values.size() == 1 ? values.get(0) : values;
  }

  /**
   * Reads a value.
   *
   * @param dimensions how long an array has to be, 0 for any length but none
   */
  static Sizes parse(JsonNode node, int dimensions, List<String> words) {
    if (node.isString() && words.contains(node.stringValue())) {
      return new Sizes(List.of(), node.stringValue());
    }
    if (!node.isArray()) {
      if (!Parser.isWhole(node) || !node.canConvertToInt()) {
        throw Parser.expected(expected(dimensions, words), node);
      }
      return of(node.asInt());
    }
    if (dimensions == 0 ? node.isEmpty() : node.size() != dimensions) {
      throw new Refused(
          "expected " + expected(dimensions, words) + ", got an array of " + node.size());
    }
    return new Sizes(Parser.<Integer>list(Parser::integer).parse(node), null);
  }

  private static String expected(int dimensions, List<String> words) {
    String array = dimensions == 0 ? "an array of them" : "an array of " + dimensions;
    return words.isEmpty()
        ? "a whole number or " + array
        : "a whole number, " + array + " or one of " + String.join(", ", words);
  }

  static ObjectNode schema(int dimensions, List<String> words) {
    ObjectNode schema = Json.object();
    schema.withArray("oneOf").add(Parser.integerSchema());
    ObjectNode array = schema.withArray("oneOf").addObject().put("type", "array");
    array.set("items", Parser.integerSchema());
    array.put("minItems", Math.max(1, dimensions));
    if (dimensions > 0) {
      array.put("maxItems", dimensions);
    }
    if (!words.isEmpty()) {
      ObjectNode word = schema.withArray("oneOf").addObject().put("type", "string");
      words.forEach(word.putArray("enum")::add);
    }
    return schema;
  }
}
