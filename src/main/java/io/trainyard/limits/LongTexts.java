package io.trainyard.limits;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The bounds of expressions, of which no other text can be nearly as long, and of documents. */
public final class LongTexts {
  /** A column has 1,000,000: the rest is for what is stored and answered with the document. */
  private static final int MOST_OF_DOCUMENT = 990_000;

  private LongTexts() {}

  /** Refuses each text in {@code node} that is longer than {@code most} characters. */
  public static void refuse(JsonNode node, String pointer, int most, Errors errors) {
    if (node.isString()) {
      int length = node.stringValue().length();
      if (length > most) {
        errors.add(
            pointer,
            "has "
                + length
                + " characters, the limit is "
                + most
                + " (trainyard.limits.expression)");
      }
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        refuse(member.getValue(), Json.pointer(pointer, member.getKey()), most, errors);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        refuse(node.get(i), Json.pointer(pointer, i), most, errors);
      }
    }
  }

  /** Refuses a document that is longer than what is stored of one. */
  public static void refuseDocument(JsonNode document, Errors errors) {
    int length = Json.write(document).length();
    if (length > MOST_OF_DOCUMENT) {
      errors.add(
          "", "has %d characters, at most %d are stored".formatted(length, MOST_OF_DOCUMENT));
    }
  }
}
