package io.trainyard.shared;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kinds of one thing (layers, losses, optimizers) that a document can name by {@code type}.
 *
 * @param <T> the thing
 */
public final class Vocabulary<T> {
  private static final Argument<String> TYPE = Argument.text("type");

  private final String what;
  private final Map<String, Kind<? extends T>> kinds = new LinkedHashMap<>();

  @SafeVarargs
  public Vocabulary(String what, Kind<? extends T>... kinds) {
    this.what = what;
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

  public List<String> types() {
    return List.copyOf(kinds.keySet());
  }

  /** JSON Schema 2020-12: one of the kinds, each with its arguments. */
  public ObjectNode schema() {
    ObjectNode schema =
        Json.object().put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", what);
    kinds.values().forEach(kind -> schema.withArray("oneOf").add(schema(kind)));
    return schema;
  }

  private static ObjectNode schema(Kind<?> kind) {
    ObjectNode schema = Json.object().put("title", kind.type()).put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("type").put("const", kind.type());
    schema.putArray("required").add("type");
    for (Argument<?> argument : kind.arguments()) {
      properties.set(argument.name(), argument.schema());
      if (argument.required()) {
        schema.withArray("required").add(argument.name());
      }
    }
    return schema.put("additionalProperties", false);
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
    } catch (Argument.Refused e) {
      errors.add(pointer + e.pointer(), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private String names() {
    return String.join(", ", kinds.keySet());
  }
}
