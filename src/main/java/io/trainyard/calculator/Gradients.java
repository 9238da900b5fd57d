package io.trainyard.calculator;

import io.trainyard.expressions.DType;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.expressions.TensorType;
import io.trainyard.limits.LimitProperties;
import io.trainyard.limits.LongTexts;
import io.trainyard.runner.protocol.CalculatorOrder;
import io.trainyard.runner.protocol.CalculatorReply;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.Calculations.Answer;
import io.trainyard.training.Calculations.Input;
import io.trainyard.training.Calculations.Question;
import io.trainyard.training.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** Expressions over given tensors, their values and gradients. */
@Service
public class Gradients {
  private static final int MAX_TENSORS = 100;

  private static final Argument<JsonNode> TENSORS = Argument.json("tensors");
  private static final Argument<String> EXPRESSION = Argument.text("expression");
  private static final Argument<JsonNode> GRAD_OUTPUT = Argument.json("grad_output").optional();

  private static final Argument<JsonNode> DATA = Argument.json("data");
  private static final Argument<Boolean> REQUIRES_GRAD =
      Argument.flag("requires_grad").orElse(false);
  private static final Argument<String> DTYPE =
      Argument.oneOf("dtype", "float32", "float64", "int64", "bool").orElse("float32");

  private final Calculator calculator;
  private final LimitProperties limits;

  Gradients(Calculator calculator, LimitProperties limits) {
    this.calculator = calculator;
    this.limits = limits;
  }

  /**
   * Calculates {@code {"tensors": {…}, "expression": …, "grad_output": …}}.
   *
   * @throws Problem of kind INVALID if the document is wrong or torch refuses the values, and as
   *     {@link Calculator#ask} does
   */
  public Answer calculate(JsonNode document) {
    Question question = read(document);
    CalculatorReply reply = calculator.ask(new CalculatorOrder.Gradients(question));
    if (reply instanceof CalculatorReply.Gradients gradients) {
      return gradients.answer();
    }
    if (reply instanceof CalculatorReply.Refused refused) {
      throw Problem.invalid("/" + EXPRESSION.name(), "PyTorch refused: " + refused.reason());
    }
    throw new IllegalStateException("not a reply to this: " + reply);
  }

  private Question read(JsonNode document) {
    Errors errors = new Errors();
    Arguments members =
        Arguments.read(document, "", errors, List.of(TENSORS, EXPRESSION, GRAD_OUTPUT));
    LongTexts.refuse(document.path(EXPRESSION.name()), "/expression", limits.expression(), errors);
    errors.throwIfAny();
    return read(Objects.requireNonNull(members), errors);
  }

  private static Question read(Arguments members, Errors errors) {
    Map<String, Input> tensors = tensors(members.get(TENSORS), errors);
    errors.throwIfAny();
    TensorType type = type(members.get(EXPRESSION), tensors);
    TensorData gradOutput = gradOutput(members.find(GRAD_OUTPUT), type, tensors, errors);
    errors.throwIfAny();
    return new Question(members.get(EXPRESSION), tensors, gradOutput);
  }

  private static Map<String, Input> tensors(JsonNode node, Errors errors) {
    String place = "/" + TENSORS.name();
    Map<String, Input> tensors = new LinkedHashMap<>();
    if (!node.isObject() || node.isEmpty() || node.size() > MAX_TENSORS) {
      errors.add(place, "expected an object of 1 to " + MAX_TENSORS + " tensors by their names");
      return tensors;
    }
    long elements = 0;
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String pointer = Json.pointer(place, member.getKey());
      if (!Expression.isName(member.getKey())) {
        errors.add(
            pointer,
            "expected a name of letters, digits and underscores that is no word of expressions");
        continue;
      }
      Input input = tensor(member.getValue(), pointer, errors);
      if (input != null) {
        tensors.put(member.getKey(), input);
        elements += input.data().elements();
      }
    }
    if (elements > NestedNumbers.MAX_ELEMENTS) {
      errors.add(
          place, "%d elements, at most %d in all".formatted(elements, NestedNumbers.MAX_ELEMENTS));
    }
    return tensors;
  }

  private static @Nullable Input tensor(JsonNode node, String pointer, Errors errors) {
    Arguments members = Arguments.read(node, pointer, errors, List.of(DATA, REQUIRES_GRAD, DTYPE));
    if (members == null) {
      return null;
    }
    DType dtype = DType.valueOf(members.get(DTYPE).toUpperCase(Locale.ROOT));
    boolean requiresGrad = members.get(REQUIRES_GRAD);
    if (requiresGrad && !dtype.isFloat()) {
      errors.add(
          Json.pointer(pointer, REQUIRES_GRAD.name()),
          "only floating point tensors can require gradients, this is " + dtype);
    }
    TensorData data =
        NestedNumbers.read(members.get(DATA), dtype, Json.pointer(pointer, DATA.name()), errors);
    return data == null ? null : new Input(data, requiresGrad);
  }

  private static TensorType type(String text, Map<String, Input> tensors) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    tensors.forEach((name, input) -> types.put(name, input.data().type()));
    try {
      Expression expression = Expression.parse(text, types.keySet());
      TensorType type = expression.type(types);
      if (type.elements() > NestedNumbers.MAX_ELEMENTS) {
        throw invalid(
            "the value has %d elements, at most %d are answered"
                .formatted(type.elements(), NestedNumbers.MAX_ELEMENTS));
      }
      Effort.check(expression, types);
      List<String> asking =
          tensors.entrySet().stream()
              .filter(tensor -> tensor.getValue().requiresGrad())
              .map(Map.Entry::getKey)
              .toList();
      if (!asking.isEmpty() && asking.stream().noneMatch(expression::differentiable)) {
        throw invalid(
            "the value does not require grad: no gradient goes from it to "
                + String.join(", ", asking));
      }
      return type;
    } catch (ExpressionException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private static Problem invalid(String detail) {
    return Problem.invalid("/" + EXPRESSION.name(), detail);
  }

  private static @Nullable TensorData gradOutput(
      @Nullable JsonNode node, TensorType type, Map<String, Input> tensors, Errors errors) {
    String place = "/" + GRAD_OUTPUT.name();
    boolean asked = tensors.values().stream().anyMatch(Input::requiresGrad);
    if (node == null) {
      if (asked && type.elements() != 1) {
        errors.add(
            place,
            "grad can be implicitly created only for scalar outputs; the value has the shape "
                + type.shape()
                + ": give its gradient, of this shape");
      }
      return null;
    }
    if (!asked) {
      errors.add(place, "no tensor has requires_grad, so there is nothing to take it for");
      return null;
    }
    TensorData data = NestedNumbers.read(node, type.dtype(), place, errors);
    if (data != null && !data.sizes().equals(type.sizes())) {
      errors.add(
          place,
          "expected the value's shape %s, got %s".formatted(type.shape(), data.type().shape()));
    }
    return data;
  }
}
