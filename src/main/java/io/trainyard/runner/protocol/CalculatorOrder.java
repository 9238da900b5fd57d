package io.trainyard.runner.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.models.Gradcheck;
import io.trainyard.training.Calculations;

/** What a calculator is to do. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CalculatorOrder.Gradients.class, name = "gradients"),
  @JsonSubTypes.Type(value = CalculatorOrder.GradientCheck.class, name = "gradcheck")
})
public sealed interface CalculatorOrder {

  /** An expression's value and gradients. */
  record Gradients(Calculations.Question question) implements CalculatorOrder {}

  /** A function's own gradients against numeric ones. */
  record GradientCheck(Gradcheck.Function function) implements CalculatorOrder {}
}
