package io.trainyard.jobs;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON Merge Patch (RFC 7396). */
final class MergePatch {
  private MergePatch() {}

  /** A copy of {@code target} with the members of {@code patch} in it; null removes a member. */
  static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    ObjectNode merged = target.deepCopy();
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (value.isNull()) {
        merged.remove(name);
      } else if (value instanceof ObjectNode nested) {
        ObjectNode within =
            merged.get(name) instanceof ObjectNode object ? object : merged.objectNode();
        merged.set(name, apply(within, nested));
      } else {
        merged.set(name, value);
      }
    }
    return merged;
  }
}
