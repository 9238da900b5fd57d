package io.trainyard.shared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kinds of one thing (layers, losses, optimizers) that a document can name by {@code type}.
 *
 * @param <T> the thing
 */
public final class Vocabulary<T> {
  private static final Argument<String> TYPE = Argument.text("type");

  private static final String TORCH = "https://pytorch.org/docs/stable/generated/";
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private final Map<String, ObjectNode> definitions;
  private final String what;
  private final String module;
  private final Map<String, Kind<? extends T>> kinds = new LinkedHashMap<>();

  /**
   * Kinds that are all a document can say.
   *
   * @param module of torch, where the kinds' names are from
   */
  @SafeVarargs
  public Vocabulary(String what, String module, Kind<? extends T>... kinds) {
    this(Map.of(), what, module, kinds);
  }

  /**
   * Kinds with arguments that are documents of their own.
   *
   * @param definitions JSON Schemas that the arguments' refer to as {@code #/$defs/…}
   */
  @SafeVarargs
  public Vocabulary(
      Map<String, ObjectNode> definitions, String what, String module, Kind<? extends T>... kinds) {
    this.definitions = definitions;
    this.what = what;
    this.module = module;
    for (Kind<? extends T> kind : kinds) {
      this.kinds.put(kind.type(), kind);
    }
  }

  /**
   * Makes the thing an object describes.
   *
   * @return the thing, or null if there were errors
   */
  public @Nullable T read(JsonNode node, String pointer, Errors errors) {
    if (!node.isObject()) {
      errors.add(pointer, "expected an object with a type, got " + Json.describe(node));
      return null;
    }
    JsonNode type = node.get("type");
    if (type == null) {
      errors.add(pointer + "/type", "missing; the " + what + "s are " + names());
      return null;
    }
    Kind<? extends T> kind = type.isString() ? kinds.get(type.stringValue()) : null;
    if (kind == null) {
      errors.add(
          pointer + "/type",
          "unknown " + what + " " + Json.describe(type) + "; the " + what + "s are " + names());
      return null;
    }
    return make(kind, node, pointer, errors);
  }

  /**
   * The arguments of one of the {@link #types()}, in their order.
   *
   * @throws IllegalArgumentException if there is no such kind
   */
  public List<Argument<?>> arguments(String type) {
    Kind<? extends T> kind = kinds.get(type);
    if (kind == null) {
      throw new IllegalArgumentException("no " + what + " " + type);
    }
    return kind.arguments();
  }

  public List<String> types() {
    return List.copyOf(kinds.keySet());
  }

  /**
   * JSON Schema 2020-12: one of the kinds, each with its arguments, by their names in {@code
   * $defs}. It accepts what {@link #read} accepts, but for what one argument asks of another.
   */
  public ObjectNode schema() {
    ObjectNode schema = Json.object().put("$schema", DIALECT);
    schema.put("title", what).put("type", "object").putArray("required").add("type");
    schema.putObject("discriminator").put("propertyName", "type");
    ArrayNode union = schema.putArray("oneOf");
    ObjectNode definitions = schema.putObject("$defs");
    for (Kind<? extends T> kind : kinds.values()) {
      union.addObject().put("$ref", "#/$defs/" + kind.type());
      definitions.set(kind.type(), schema(kind));
    }
    this.definitions.forEach((name, definition) -> definitions.set(name, definition.deepCopy()));
    return schema;
  }

  private ObjectNode schema(Kind<?> kind) {
    ObjectNode schema = Json.object().put("title", kind.type()).put("type", "object");
    if (kind.ofTorch()) {
      String name = module + "." + kind.type();
      schema.put("description", "%s: %s%s.html".formatted(name, TORCH, name));
    }
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("type").put("const", kind.type());
    schema.putArray("required").add("type");
    for (Argument<?> argument : kind.arguments()) {
      ObjectNode value = argument.schema();
      properties.set(argument.name(), argument.required() ? value : orNull(value));
      if (argument.required()) {
        schema.withArray("required").add(argument.name());
      }
    }
    return schema.put("additionalProperties", false);
  }

  /** What may be left out may be null. */
  private static ObjectNode orNull(ObjectNode schema) {
    JsonNode type = schema.path("type");
    for (String union : List.of("oneOf", "anyOf")) {
      if (schema.get(union) instanceof ArrayNode forms) {
        forms.addObject().put("type", "null");
        return schema;
      }
    }
    if (schema.get("enum") instanceof ArrayNode words) {
      words.addNull();
    }
    if (type.isString()) {
      schema.putArray("type").add(type.stringValue()).add("null");
    } else if (schema.has("$ref")) {
      ObjectNode either = Json.object();
      either.withArray("anyOf").add(schema).addObject().put("type", "null");
      return either;
    }
    return schema;
  }

  private static <K> @Nullable K make(Kind<K> kind, JsonNode node, String pointer, Errors errors) {
    List<Argument<?>> members = new ArrayList<>(kind.arguments());
    members.add(0, TYPE);
    Arguments arguments = Arguments.read(node, pointer, errors, members);
    if (arguments == null) {
      return null;
    }
    try {
      return kind.factory().apply(arguments);
    } catch (Refused e) {
      errors.add(pointer + e.pointer(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private String names() {
    return String.join(", ", kinds.keySet());
  }
}
