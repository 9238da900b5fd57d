package io.trainyard.runner.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.models.Gradcheck;
import io.trainyard.training.Calculations;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of a {@link CalculatorOrder}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CalculatorReply.Gradients.class, name = "gradients"),
  @JsonSubTypes.Type(value = CalculatorReply.GradientCheck.class, name = "gradcheck"),
  @JsonSubTypes.Type(value = CalculatorReply.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = CalculatorReply.Failed.class, name = "failed")
})
public sealed interface CalculatorReply {

  record Gradients(Calculations.Answer answer) implements CalculatorReply {}

  /** By input; null for one without a formula. */
  record GradientCheck(Map<String, Gradcheck.@Nullable Check> checks) implements CalculatorReply {
    public GradientCheck {
      checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }
  }

  /** The engine does not calculate this; the reason is for the user. */
  record Refused(String reason) implements CalculatorReply {}

  /** Something is wrong with the service; the details are in the calculator's log. */
  record Failed(String error) implements CalculatorReply {}
}
