package io.trainyard.models;

import io.trainyard.limits.LimitProperties;
import io.trainyard.limits.LongTexts;
import io.trainyard.shared.Errors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Whether a model is as small as this server's configuration asks for. */
@Component
public class ModelSizes {
  private final LimitProperties limits;

  ModelSizes(LimitProperties limits) {
    this.limits = limits;
  }

  /**
   * Tells {@code errors} what is too large.
   *
   * @param layers as posted, or the name of a stored model
   * @param pointer of the same
   */
  public void check(
      ModelDefinition model, ModelSummary summary, JsonNode layers, String pointer, Errors errors) {
    bound("layers", model.layers().size(), limits.layers(), pointer, errors);
    bound("parameters", summary.parameters(), limits.parameters(), pointer, errors);
    LongTexts.refuse(layers, pointer, limits.expression(), errors);
  }

  private static void bound(String what, long value, long most, String pointer, Errors errors) {
    if (value > most) {
      errors.add(
          pointer,
          "has %d %s, the limit is %d (trainyard.limits.%s)".formatted(value, what, most, what));
    }
  }
}
