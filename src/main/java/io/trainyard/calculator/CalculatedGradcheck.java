package io.trainyard.calculator;

import io.trainyard.expressions.DType;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.expressions.TensorType;
import io.trainyard.models.Gradcheck;
import io.trainyard.runner.protocol.CalculatorOrder;
import io.trainyard.runner.protocol.CalculatorReply;
import io.trainyard.shared.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks gradients in the calculator process. */
@Component
class CalculatedGradcheck implements Gradcheck {
  private final Calculator calculator;

  CalculatedGradcheck(Calculator calculator) {
    this.calculator = calculator;
  }

  @Override
  public Map<String, @Nullable Check> check(Function function) {
    checkEffort(function);
    CalculatorReply reply = calculator.ask(new CalculatorOrder.GradientCheck(function));
    if (reply instanceof CalculatorReply.GradientCheck check) {
      return check.checks();
    }
    if (reply instanceof CalculatorReply.Refused refused) {
      throw new Problem(Problem.Kind.INVALID, "PyTorch refused: " + refused.reason());
    }
    throw new IllegalStateException("not a reply to this: " + reply);
  }

  private static void checkEffort(Function function) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    function.inputs().forEach((name, s) -> types.put(name, new TensorType(DType.FLOAT64, s)));
    try {
      Expression forward = Expression.parse(function.forward(), types.keySet());
      Effort.check(forward, types);
      types.put(GRAD_OUTPUT, forward.type(types));
      for (String formula : function.backward().values()) {
        Effort.check(Expression.parse(formula, types.keySet()), types);
      }
    } catch (ExpressionException e) {
      throw new Problem(Problem.Kind.INVALID, String.valueOf(e.getMessage()));
    }
  }
}
