package io.trainyard.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A named member of a document: its type, bounds and default. One declaration serves the reading of
 * documents, the error messages and the JSON Schema.
 *
 * @param <T> the Java type of the value
 */
public final class Argument<T> {

  private final String name;
  private final boolean required;
  private final @Nullable T fallback;
  private final boolean nullable;
  private final Parser<T> parser;
  private final ObjectNode schema;

  private Argument(
      String name,
      boolean required,
      @Nullable T fallback,
      boolean nullable,
      Parser<T> parser,
      ObjectNode schema) {
    this.name = name;
    this.required = required;
    this.fallback = fallback;
    this.nullable = nullable;
    this.parser = parser;
    this.schema = schema;
  }

  /** A whole number that fits an int. */
  public static Argument<Integer> integer(String name) {
    return declare(name, Parser::integer, Parser.integerSchema());
  }

  /** A whole number that fits a long. */
  public static Argument<Long> longInteger(String name) {
    return declare(
        name,
        node -> {
          if (!Parser.isWhole(node) || !node.canConvertToLong()) {
            throw Parser.expected("a whole number", node);
          }
          return node.asLong();
        },
        Json.object().put("type", "integer"));
  }

  /** A finite number. */
  public static Argument<Double> number(String name) {
    return declare(name, Parser::number, Json.object().put("type", "number"));
  }

  public static Argument<Boolean> flag(String name) {
    return declare(
        name,
        node -> {
          if (!node.isBoolean()) {
            throw Parser.expected("true or false", node);
          }
          return node.booleanValue();
        },
        Json.object().put("type", "boolean"));
  }

  public static Argument<String> text(String name) {
    return declare(name, Parser::text, Json.object().put("type", "string"));
  }

  /** One of some words. */
  public static Argument<String> oneOf(String name, String... words) {
    List<String> allowed = List.of(words);
    ObjectNode schema = Json.object().put("type", "string");
    allowed.forEach(schema.putArray("enum")::add);
    return declare(
        name,
        node -> {
          if (!node.isString() || !allowed.contains(node.stringValue())) {
            throw Parser.expected("one of " + String.join(", ", allowed), node);
          }
          return node.stringValue();
        },
        schema);
  }

  /** An array of whole numbers. */
  public static Argument<List<Integer>> integers(String name) {
    return array(name, Parser::integer, Parser.integerSchema());
  }

  /** An array of finite numbers. */
  public static Argument<List<Double>> numbers(String name) {
    return array(name, Parser::number, Json.object().put("type", "number"));
  }

  public static Argument<List<String>> texts(String name) {
    return array(name, Parser::text, Json.object().put("type", "string"));
  }

  /**
   * A whole number for all dimensions, or an array of one for each.
   *
   * @param dimensions how long an array has to be, 0 for any length
   * @param words that may stand in their place
   */
  public static Argument<Sizes> sizes(String name, int dimensions, String... words) {
    List<String> allowed = List.of(words);
    return declare(
        name, node -> Sizes.parse(node, dimensions, allowed), Sizes.schema(dimensions, allowed));
  }

  /** Arrays of sizes by names that the document chooses, in its order. */
  public static Argument<Map<String, List<Integer>>> shapes(String name) {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode shape = schema.putObject("additionalProperties").put("type", "array");
    shape.put("minItems", 1).set("items", Parser.integerSchema().put("minimum", 1));
    return declare(name, Parser.map(Parser.list(Parser::size)), schema);
  }

  /** Texts by names that the document chooses, in its order. */
  public static Argument<Map<String, String>> textsByName(String name) {
    ObjectNode schema = Json.object().put("type", "object");
    schema.putObject("additionalProperties").put("type", "string");
    return declare(name, Parser.map(Parser::text), schema);
  }

  /** A nested document, read by whoever takes it. */
  public static Argument<JsonNode> json(String name) {
    return json(name, Json.object());
  }

  /**
   * A nested document, read by whoever takes it.
   *
   * @param schema that describes it
   */
  public static Argument<JsonNode> json(String name, ObjectNode schema) {
    return declare(name, node -> node, schema);
  }

  public Argument<T> orElse(T value) {
    ObjectNode described = schema.deepCopy();
    described.set("default", Json.tree(value));
    return new Argument<>(name, false, value, false, parser, described);
  }

  /** May be left out for this value, or be null, which is then a value of its own. */
  public Argument<T> orElseNullable(T value) {
    ObjectNode described = orElse(value).schema;
    described.putArray("type").add(schema.get("type")).add("null");
    return new Argument<>(name, false, value, true, parser, described);
  }

  /** May be left out, or null. */
  public Argument<T> optional() {
    return new Argument<>(name, false, null, false, parser, schema);
  }

  public Argument<T> atLeast(double bound) {
    return bounded(v -> v >= bound, "at least " + plain(bound), "minimum", bound);
  }

  public Argument<T> atMost(double bound) {
    return bounded(v -> v <= bound, "at most " + plain(bound), "maximum", bound);
  }

  public Argument<T> above(double bound) {
    return bounded(v -> v > bound, "above " + plain(bound), "exclusiveMinimum", bound);
  }

  public Argument<T> below(double bound) {
    return bounded(v -> v < bound, "below " + plain(bound), "exclusiveMaximum", bound);
  }

  /** A further condition, said as what is expected: "a name of letters, digits and dashes". */
  public Argument<T> matching(Predicate<T> condition, String expected) {
    return matching(condition, expected, described -> {});
  }

  /** A further condition, which {@code describe} adds to the JSON Schema. */
  public Argument<T> matching(
      Predicate<T> condition, String expected, Consumer<ObjectNode> describe) {
    ObjectNode described = schema.deepCopy();
    describe.accept(described);
    return new Argument<>(
        name,
        required,
        fallback,
        nullable,
        node -> {
          T value = parser.parse(node);
          if (!condition.test(value)) {
            throw Parser.expected(expected, node);
          }
          return value;
        },
        described);
  }

  public String name() {
    return name;
  }

  public boolean required() {
    return required;
  }

  /** The JSON Schema of the value. */
  public ObjectNode schema() {
    return schema.deepCopy();
  }

  @Nullable T fallback() {
    return fallback;
  }

  /** Whether null is a value of its own, other than leaving it out. */
  public boolean nullable() {
    return nullable;
  }

  T parse(JsonNode node) {
    return parser.parse(node);
  }

  private static <T> Argument<T> declare(String name, Parser<T> parser, ObjectNode schema) {
    return new Argument<>(name, true, null, false, parser, schema);
  }

  private static <E> Argument<List<E>> array(String name, Parser<E> element, ObjectNode items) {
    ObjectNode schema = Json.object().put("type", "array");
    schema.set("items", items);
    return declare(name, Parser.list(element), schema);
  }

  /** Holds for a number and for every element of an array of numbers. */
  private Argument<T> bounded(
      Predicate<Double> condition, String text, String keyword, double bound) {
    ObjectNode described = schema.deepCopy();
    for (ObjectNode place : numbers(described)) {
      place.set(keyword, Json.tree(bound == Math.rint(bound) ? (Object) (long) bound : bound));
    }
    Argument<T> checked =
        matching(
            value -> elements(value).stream().allMatch(v -> condition.test(v.doubleValue())),
            schema.has("items") || schema.has("oneOf") ? "numbers " + text : "a number " + text);
    return new Argument<>(name, required, fallback, nullable, checked.parser, described);
  }

  private static List<Number> elements(Object value) {
    List<?> elements =
        value instanceof Sizes sizes
            ? sizes.values()
            : value instanceof List<?> list ? list : List.of(value);
    return elements.stream().map(Number.class::cast).toList();
  }

  /** The places of a schema that describe the numbers themselves. */
  private static List<ObjectNode> numbers(ObjectNode schema) {
    List<ObjectNode> places = new ArrayList<>();
    if (schema.get("items") instanceof ObjectNode items) {
      places.add(items);
    } else if (schema.has("oneOf")) {
      schema.get("oneOf").forEach(form -> places.addAll(numbers((ObjectNode) form)));
    } else if (!schema.has("enum")) {
      places.add(schema);
    }
    return places;
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
