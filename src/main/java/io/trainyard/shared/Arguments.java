package io.trainyard.shared;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The values read from one object of a document, by the arguments it may have. */
public final class Arguments {
  private final Map<String, Object> values;

  private Arguments(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Reads an object; every unknown, missing or refused member becomes an error.
   *
   * @return the values, or null if anything was wrong
   */
  public static @Nullable Arguments read(
      JsonNode node, String pointer, Errors errors, List<Argument<?>> arguments) {
    int before = errors.size();
    if (!node.isObject()) {
      errors.add(pointer, "expected an object, got " + Json.describe(node));
      return null;
    }
    for (String name : node.propertyNames()) {
      if (arguments.stream().noneMatch(a -> a.name().equals(name))) {
        String known = String.join(", ", arguments.stream().map(Argument::name).toList());
        errors.add(Json.pointer(pointer, name), "unknown; known here: " + known);
      }
    }
    Map<String, Object> values = new HashMap<>();
    for (Argument<?> argument : arguments) {
      String place = Json.pointer(pointer, argument.name());
      JsonNode value = node.get(argument.name());
      if (value != null && value.isNull() && argument.nullable()) {
        continue;
      }
      if (value == null || (value.isNull() && !argument.required())) {
        if (argument.required()) {
          errors.add(place, "missing");
        } else if (argument.fallback() != null) {
          values.put(argument.name(), argument.fallback());
        }
        continue;
      }
      try {
        values.put(argument.name(), argument.parse(value));
      } catch (Refused e) {
        errors.add(place + e.pointer(), String.valueOf(e.getMessage()));
      }
    }
    return errors.size() == before ? new Arguments(values) : null;
  }

  /** The value of a required argument or of one with a default that is not null. */
  public <T> T get(Argument<T> argument) {
    return Objects.requireNonNull(find(argument), argument.name());
  }

  /** The value of an argument that may be null, or null. */
  @SuppressWarnings("unchecked")
  public <T> @Nullable T find(Argument<T> argument) {
    return (T) values.get(argument.name());
  }

  /** Refuses a value for its relation to the others, from within a {@link Kind}'s factory. */
  public static RuntimeException refuse(Argument<?> argument, @Nullable String detail) {
    return new Refused("/" + argument.name(), String.valueOf(detail));
  }

  /** The same for a member of the value. */
  public static RuntimeException refuse(
      Argument<?> argument, String member, @Nullable String detail) {
    return new Refused(Json.pointer("/" + argument.name(), member), String.valueOf(detail));
  }
}
