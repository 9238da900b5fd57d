package io.trainyard.shared;

import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON mapper, snake_case and strict, and the reading of requests with pointers. */
public final class Json {
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // read(byte[]) says itself, and better, that something follows.
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * Reads a document.
   *
   * @throws Problem of kind MALFORMED, with the pointer to the place where reading stopped; INVALID
   *     with that of each text that not every database takes or that no answer can show
   */
  public static JsonNode read(byte[] bytes) {
    JsonNode document = parsed(bytes);
    Errors errors = new Errors();
    checkTexts(document, "", StandardCharsets.UTF_8.newEncoder(), errors);
    errors.throwIfAny();
    return document;
  }

  /** NUL is no character to PostgreSQL, and half of a surrogate pair is none in UTF-8. */
  private static void checkTexts(
      JsonNode node, String pointer, CharsetEncoder encoder, Errors errors) {
    if (node.isString()) {
      checkText("", node.stringValue(), pointer, encoder, errors);
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        String place = pointer(pointer, member.getKey());
        checkText("its name ", member.getKey(), place, encoder, errors);
        checkTexts(member.getValue(), place, encoder, errors);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        if (!node.get(i).isNumber()) {
          checkTexts(node.get(i), pointer(pointer, i), encoder, errors);
        }
      }
    }
  }

  private static void checkText(
      String which, String text, String pointer, CharsetEncoder encoder, Errors errors) {
    if (text.indexOf('\0') >= 0) {
      errors.add(pointer, which + "has the character NUL (\\u0000), which no text may have");
    } else if (!encoder.canEncode(text)) {
      errors.add(pointer, which + "has one half of a surrogate pair (\\ud800 to \\udfff) alone");
    }
  }

  private static JsonNode parsed(byte[] bytes) {
    if (bytes.length == 0) {
      throw malformed("", "the body is empty; a JSON document is expected");
    }
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      try {
        JsonNode node = MAPPER.readTree(parser);
        if (parser.nextToken() != null) {
          throw malformed("", "there is text after the end of the JSON document");
        }
        return node;
      } catch (StreamReadException e) {
        TokenStreamLocation place = e.getLocation();
        String at = " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
        // Jackson's advice on its own settings is of no use to a client.
        String what = e.getOriginalMessage().replaceAll("(: enable |, from ).*", "");
        throw malformed(parser.streamReadContext().pathAsPointer().toString(), what + at);
      }
    } catch (JacksonException e) {
      throw malformed("", e.getOriginalMessage());
    }
  }

  /** A request's body, where there may be none. */
  public static byte[] orEmpty(byte @Nullable [] body) {
    return body == null ? new byte[0] : body;
  }

  private static Problem malformed(String pointer, String detail) {
    return new Problem(
        Problem.Kind.MALFORMED,
        "invalid JSON: " + detail,
        List.of(new Problem.Place(pointer, detail)));
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** The text of a value that this service made itself. */
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** A value that this service wrote itself, from a column or another process of its own. */
  public static <T> T parse(String text, Class<T> type) {
    return MAPPER.readValue(text, type);
  }

  /** A member's name or an index as the next step of a JSON pointer (RFC 6901). */
  public static String pointer(String parent, Object step) {
    return parent + "/" + step.toString().replace("~", "~0").replace("/", "~1");
  }

  /** What a node is, in a word, for error messages. */
  public static String describe(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return "an array";
    }
    String text = node.toString();
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }
}
