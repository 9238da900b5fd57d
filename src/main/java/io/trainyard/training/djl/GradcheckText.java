package io.trainyard.training.djl;

import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.models.Gradcheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A function's own gradients and its numeric ones as TorchScript. */
final class GradcheckText {
  static final String BACKWARD = "backward";

  /** torch's gradcheck moves each element by so much, both ways. */
  private static final String EPSILON = "1e-06";

  private final Gradcheck.Function function;
  private final List<String> names;
  private final List<String> lines = new ArrayList<>();

  private GradcheckText(Gradcheck.Function function) {
    this.function = function;
    this.names = List.copyOf(function.inputs().keySet());
  }

  /**
   * The methods {@code backward(…inputs, grad_output)}, which gives a gradient for each formula,
   * and for each of these inputs {@code numericN(…inputs, grad_output, places)}, the gradients of
   * the elements at these places.
   */
  static String of(Gradcheck.Function function) {
    GradcheckText text = new GradcheckText(function);
    text.backward();
    for (String name : function.backward().keySet()) {
      text.numeric(name);
    }
    return String.join("\n", text.lines) + "\n";
  }

  static String numericMethod(Gradcheck.Function function, String name) {
    return "numeric" + List.copyOf(function.inputs().keySet()).indexOf(name);
  }

  private void backward() {
    define(BACKWARD, "", "List[Tensor]");
    line("results = annotate(List[Tensor], [])");
    List<String> scope = new ArrayList<>(names);
    scope.add(Gradcheck.GRAD_OUTPUT);
    function
        .backward()
        .forEach(
            (name, formula) -> {
              // As autograd does with a gradient that was broadcast.
              String sizes = function.inputs().get(name) + "";
              String gradient =
                  "torch.sum_to_size(torch.to(" + script(formula, scope) + ", 7), " + sizes + ")";
              line("results = torch.append(results, torch.contiguous(" + gradient + "))");
            });
    line("return results");
  }

  private void numeric(String name) {
    String variable = variable(name);
    String forward = script(function.forward(), names);
    define(numericMethod(function, name), ", places: Tensor", "Tensor");
    line("results = annotate(List[Tensor], [])");
    line("flat = torch.reshape(" + variable + ", [-1])");
    line("for i in range(torch.len(places)):");
    line("  element = torch.select(flat, 0, int(torch.select(places, 0, i)))");
    line("  old = torch.clone(element)");
    line("  up = torch.copy_(element, torch.add(old, " + EPSILON + "))");
    line("  above = torch.clone(" + forward + ")");
    line("  down = torch.copy_(element, torch.sub(old, " + EPSILON + "))");
    line("  difference = torch.sub(above, " + forward + ")");
    line("  back = torch.copy_(element, old)");
    line("  gradient = torch.sum(torch.mul(grad_output, difference))");
    line("  results = torch.append(results, torch.div(gradient, 2e-06))");
    line("return torch.stack(results)");
  }

  private void define(String method, String more, String result) {
    String arguments =
        names.stream().map(n -> variable(n) + ": Tensor, ").collect(Collectors.joining());
    lines.add(
        "  def %s(self: __torch__.%s, %s%s: Tensor%s) -> %s:"
            .formatted(method, Script.CLASS_NAME, arguments, Gradcheck.GRAD_OUTPUT, more, result));
  }

  private void line(String statement) {
    lines.add("    " + statement);
  }

  private String variable(String name) {
    return name.equals(Gradcheck.GRAD_OUTPUT) ? name : "v" + names.indexOf(name);
  }

  private String script(String expression, Collection<String> scope) {
    try {
      return Expression.parse(expression, scope).script(this::variable);
    } catch (ExpressionException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
