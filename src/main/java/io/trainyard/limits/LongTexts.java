package io.trainyard.limits;

import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The bound of expressions. No other text of a document that was read can be nearly as long. */
public final class LongTexts {

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
}
