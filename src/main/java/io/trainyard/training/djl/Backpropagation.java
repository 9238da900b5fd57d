package io.trainyard.training.djl;

import io.trainyard.datasets.Target;
import io.trainyard.models.Backward;
import io.trainyard.models.GradientFlow;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import io.trainyard.training.Loss;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a batch and the gradients of all parameters as TorchScript. Where every layer and the
 * loss have gradients of their own, these are called one after the other; else autograd makes them
 * all. The operators are the same: what is saved is autograd's bookkeeping.
 */
final class Backpropagation {
  private final ModelDefinition model;
  private final boolean autograd;
  private final List<String> statements = new ArrayList<>();

  private Backpropagation(ModelDefinition model, boolean autograd) {
    this.model = model;
    this.autograd = autograd;
  }

  /**
   * Of a batch {@code x_batch}, {@code y_batch}.
   *
   * @param target as the loss takes it
   */
  static Backpropagation of(ModelDefinition model, Loss loss, Target target, Products products) {
    Backpropagation own = own(model, loss, target, products);
    return own != null ? own : autograd(model, loss);
  }

  static Backpropagation autograd(ModelDefinition model, Loss loss) {
    Backpropagation text = new Backpropagation(model, true);
    Differentiation differentiation = new Differentiation(model);
    text.statements.addAll(differentiation.forward("x_batch"));
    text.statements.add("loss = " + loss.expression("out", "y_batch", ProgramText::constant));
    text.statements.addAll(differentiation.gradients());
    return text;
  }

  /** Without autograd; null if a layer or the loss has no gradient of its own. */
  static @Nullable Backpropagation own(
      ModelDefinition model, Loss loss, Target target, Products products) {
    Backpropagation text = new Backpropagation(model, false);
    List<LayerScope> layers = LayerScope.of(model, true, products);
    GradientFlow flow = GradientFlow.of(model);
    int count = layers.size();
    Loss.Differentiated end =
        loss.differentiated("h" + count, "y_batch", target, ProgramText::constant);
    if (end == null) {
      return null;
    }
    text.statements.add("h0 = x_batch");
    for (int i = 0; i < count; i++) {
      LayerScope layer = layers.get(i);
      text.statements.addAll(layer.layer().beforeTraining(layer));
      text.statements.add("h" + (i + 1) + " = " + layer.forward("h" + i));
    }
    text.statements.addAll(end.statements());
    text.statements.add("d" + count + " = " + end.gradient());
    Deque<String> gradients = new ArrayDeque<>();
    for (int i = count - 1; flow.trainsUpTo(i); i--) {
      LayerScope layer = layers.get(i);
      Backward backward = layer.layer().backward("h" + i, "h" + (i + 1), "d" + (i + 1), layer);
      if (backward == null) {
        return null;
      }
      List<Parameter> trained = flow.trained(i);
      for (int k = trained.size() - 1; k >= 0; k--) {
        String name = trained.get(k).name();
        String gradient = "g_" + layer.parameter(name);
        text.statements.add(gradient + " = " + backward.parameters().get(name));
        gradients.addFirst(gradient);
      }
      // Nothing trains before it: nobody asks for the gradient of its input.
      if (flow.trainsUpTo(i - 1)) {
        text.statements.add("d" + i + " = " + backward.input());
      }
    }
    text.statements.add("g = [" + String.join(", ", gradients) + "]");
    return text;
  }

  /** Whether the script needs autograd, and so must not run in inference mode. */
  boolean autograd() {
    return autograd;
  }

  /** What is done once before many batches. */
  List<String> before() {
    if (autograd) {
      return LayerScope.unpack(model, this::alias);
    }
    List<String> lines = LayerScope.unpack(model, (layer, parameter, place) -> place);
    lines.add("one = torch.new_ones(x, annotate(List[int], []))");
    return lines;
  }

  /**
   * Gradients are taken of aliases, so that the steps can write to the parameters themselves. Those
   * that autograd has nothing to do with are left out of its graph.
   */
  private String alias(int layer, Parameter parameter, String place) {
    boolean differentiated =
        GradientFlow.of(model).trains(layer, parameter)
            && !model.layers().get(layer).replacesAutograd();
    String alias = "torch.detach(" + place + ")";
    return differentiated ? "torch.requires_grad_(" + alias + ")" : alias;
  }

  /** What sets {@code loss}, and the list {@code g} of the trained parameters' gradients. */
  List<String> statements() {
    return statements;
  }
}
