package io.trainyard.training.djl;

import io.trainyard.models.Backward;
import io.trainyard.models.GradientFlow;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * The forward pass of a training step and the gradients after it. Autograd does both, but for
 * layers with formulas of their own: there the graph is cut. Such a layer computes on detached
 * tensors, its output starts a new part of the graph, and its formulas carry the gradient from that
 * part to the one before. That is torch.autograd.Function, which a script does not have.
 */
final class Differentiation {
  private final GradientFlow flow;
  private final List<LayerScope> layers;
  private final List<String> lines = new ArrayList<>();

  Differentiation(ModelDefinition model) {
    this.layers = LayerScope.of(model, true, Products.TORCH);
    this.flow = GradientFlow.of(model);
  }

  /** Statements that make {@code out} of {@code input}. */
  List<String> forward(String input) {
    lines.clear();
    lines.add("out = " + input);
    for (int i = 0; i < layers.size(); i++) {
      LayerScope layer = layers.get(i);
      lines.addAll(layer.layer().beforeTraining(layer));
      if (!cuts(i)) {
        lines.add("out = " + layer.forward("out"));
        continue;
      }
      lines.add(before(i) + " = out");
      lines.add(input(i) + " = torch.detach(out)");
      lines.add("out = torch.detach(" + layer.forward(input(i)) + ")");
      if (flow.trainsUpTo(i)) {
        lines.add("out = torch.requires_grad_(out)");
      }
      lines.add(after(i) + " = out");
    }
    return List.copyOf(lines);
  }

  /**
   * Statements that make {@code g}, the gradients of {@code loss}: one for each parameter that
   * trains, in their order. Contiguous, because the fused optimizers read them as plain memory.
   */
  List<String> gradients() {
    lines.clear();
    Map<Integer, List<String>> gradients = new TreeMap<>();
    String output = "loss";
    String gradient = "";
    int end = layers.size();
    while (flow.trainsUpTo(end - 1)) {
      int cut = end - 1;
      while (cut >= 0 && !cuts(cut)) {
        cut--;
      }
      String arriving = part(cut, end, output, gradient, gradients);
      if (arriving.isEmpty()) {
        break;
      }
      gradient = formulas(cut, arriving, gradients);
      output = before(cut);
      end = cut;
    }
    List<String> all = new ArrayList<>();
    gradients.values().forEach(all::addAll);
    lines.add(
        "g = ["
            + String.join(", ", all.stream().map(g -> "torch.contiguous(" + g + ")").toList())
            + "]");
    return List.copyOf(lines);
  }

  /**
   * Autograd through the layers between a cut and an end.
   *
   * @param output the variable where the part ends
   * @param gradient the variable of its gradient, empty for the loss
   * @return the gradient of the cut layer's output, empty if nothing before needs it
   */
  private String part(
      int cut, int end, String output, String gradient, Map<Integer, List<String>> gradients) {
    List<String> inputs = new ArrayList<>();
    String list = "gradients" + (cut + 1);
    IntFunction<String> item = index -> "unchecked_cast(Tensor, " + list + "[" + index + "])";
    for (int i = cut + 1; i < end; i++) {
      List<String> own = new ArrayList<>();
      for (Parameter parameter : flow.trained(i)) {
        own.add(item.apply(inputs.size()));
        inputs.add(layers.get(i).parameter(parameter.name()));
      }
      gradients.put(i, own);
    }
    boolean further = cut >= 0 && flow.trainsUpTo(cut);
    if (further && cut + 1 == end && !gradient.isEmpty()) {
      return gradient;
    }
    String arriving = further ? item.apply(inputs.size()) : "";
    if (further) {
      inputs.add(after(cut));
    }
    if (!inputs.isEmpty()) {
      String weights =
          gradient.isEmpty() ? "" : ", annotate(List[Optional[Tensor]], [" + gradient + "])";
      lines.add(
          "%s = torch.grad([%s], [%s]%s)"
              .formatted(list, output, String.join(", ", inputs), weights));
    }
    return arriving;
  }

  /** A layer's own formulas; returns the variable of its input's gradient. */
  private String formulas(int index, String arriving, Map<Integer, List<String>> gradients) {
    LayerScope layer = layers.get(index);
    String gradOutput = "grad_output" + index;
    Backward backward =
        Objects.requireNonNull(
            layer.layer().backward(input(index), after(index), gradOutput, layer));
    lines.add(gradOutput + " = " + arriving);
    List<String> own = new ArrayList<>();
    for (Parameter parameter : flow.trained(index)) {
      own.add(Objects.requireNonNull(backward.parameters().get(parameter.name())));
    }
    gradients.put(index, own);
    String gradInput = "grad_input" + index;
    if (flow.trainsUpTo(index - 1)) {
      lines.add(gradInput + " = " + backward.input());
    }
    return gradInput;
  }

  private boolean cuts(int index) {
    return layers.get(index).layer().replacesAutograd();
  }

  private static String before(int index) {
    return "before" + index;
  }

  private static String input(int index) {
    return "input" + index;
  }

  private static String after(int index) {
    return "after" + index;
  }
}
