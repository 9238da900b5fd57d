package io.trainyard.training.djl;

import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.training.Calculations.Input;
import io.trainyard.training.Calculations.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An expression's value and gradients as TorchScript.
 *
 * @param text of the method, which takes the tensors in their order, then the value's gradient if
 *     there is one, and gives a list: the value, then a gradient for each tensor that asks, without
 *     elements if it has none
 * @param asking the tensors whose gradients it gives, in this order
 */
record GradientText(String text, List<String> asking) {
  static final String METHOD = "gradients";

  static GradientText of(Question question) {
    List<String> names = List.copyOf(question.tensors().keySet());
    List<String> asking = new ArrayList<>();
    List<String> arguments = new ArrayList<>(List.of("self: __torch__." + Script.CLASS_NAME));
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Input> tensor : question.tensors().entrySet()) {
      int i = names.indexOf(tensor.getKey());
      arguments.add("a" + i + ": Tensor");
      String alias = "torch.detach(a" + i + ")";
      boolean asks = tensor.getValue().requiresGrad();
      if (asks) {
        asking.add(tensor.getKey());
      }
      lines.add("v" + i + " = " + (asks ? "torch.requires_grad_(" + alias + ")" : alias));
    }
    lines.add("value = " + script(question.expression(), names));
    lines.add("results = [torch.contiguous(torch.detach(value))]");
    if (!asking.isEmpty()) {
      List<String> inputs = asking.stream().map(name -> "v" + names.indexOf(name)).toList();
      String gradient = "None";
      if (question.gradOutput() != null) {
        arguments.add("grad_output: Tensor");
        gradient = "annotate(List[Optional[Tensor]], [grad_output])";
      }
      lines.add(
          "gradients = torch.grad([value], [%s], %s, None, False, True)"
              .formatted(String.join(", ", inputs), gradient));
      for (int i = 0; i < inputs.size(); i++) {
        lines.add("g = gradients[" + i + "]");
        lines.add("if torch.__isnot__(g, None):");
        lines.add("  r = torch.contiguous(unchecked_cast(Tensor, g))");
        lines.add("else:");
        lines.add("  r = torch.slice(torch.reshape(" + inputs.get(i) + ", [-1]), 0, 0, 0)");
        lines.add("results = torch.append(results, torch.detach(r))");
      }
    }
    lines.add("return results");
    StringBuilder text = new StringBuilder();
    text.append("  def %s(%s) -> List[Tensor]:%n".formatted(METHOD, String.join(", ", arguments)));
    lines.forEach(line -> text.append("    ").append(line).append('\n'));
    return new GradientText(text.toString(), asking);
  }

  private static String script(String expression, List<String> names) {
    try {
      return Expression.parse(expression, names).script(name -> "v" + names.indexOf(name));
    } catch (ExpressionException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
