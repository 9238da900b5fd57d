package io.trainyard.serving;

import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which of a job's states is meant: "best", "last" or that after an epoch; null for the job's
 * result, or the last one while there is none.
 */
public record Choice(@Nullable String word) {
  static final Choice RESULT = new Choice(null);
  static final Choice BEST = new Choice("best");
  static final Choice LAST = new Choice("last");

  private static final Pattern EPOCH = Pattern.compile("0|[1-9][0-9]{0,8}");

  /**
   * Reads a member of a request.
   *
   * @throws Problem of kind INVALID if it is none
   */
  static Choice read(@Nullable JsonNode node, String pointer) {
    if (node == null || node.isNull()) {
      return RESULT;
    }
    String text = node.isIntegralNumber() || node.isString() ? node.asString() : "";
    Choice choice = new Choice(text);
    if (choice.equals(BEST) || choice.equals(LAST) || EPOCH.matcher(text).matches()) {
      return choice;
    }
    throw Problem.invalid(
        pointer, "expected an epoch, \"best\" or \"last\", got " + Json.describe(node));
  }

  /** The epoch that it names; -1 for another choice. */
  int epoch() {
    return word != null && EPOCH.matcher(word).matches() ? Integer.parseInt(word) : -1;
  }

  /** As in a request: a word or a number; null for none. */
  public @Nullable Object value() {
    return epoch() >= 0 ? (Object) epoch() : word;
  }
}
