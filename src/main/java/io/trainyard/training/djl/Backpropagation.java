package io.trainyard.training.djl;

import io.trainyard.datasets.Target;
import io.trainyard.models.Backward;
import io.trainyard.models.ModelDefinition;
import io.trainyard.training.Loss;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a batch and the gradients of all parameters as TorchScript. Where every layer and the
 * loss have gradients of their own, these are called one after the other; else autograd makes them
 * all. The operators are the same: what is saved is autograd's bookkeeping.
 */
final class Backpropagation {
  private final List<LayerScope> layers;
  private final int parameters;
  private final boolean autograd;
  private final List<String> statements = new ArrayList<>();

  private Backpropagation(ModelDefinition model, boolean autograd) {
    this.layers = LayerScope.of(model, true);
    this.parameters = model.layers().stream().mapToInt(l -> l.parameters().size()).sum();
    this.autograd = autograd;
  }

  /**
   * Of a batch {@code x_batch}, {@code y_batch}.
   *
   * @param target as the loss takes it
   */
  static Backpropagation of(ModelDefinition model, Loss loss, Target target) {
    Backpropagation own = own(model, loss, target);
    return own != null ? own : autograd(model, loss);
  }

  static Backpropagation autograd(ModelDefinition model, Loss loss) {
    Backpropagation text = new Backpropagation(model, true);
    text.statements.add("out = x_batch");
    for (LayerScope layer : text.layers) {
      text.statements.addAll(layer.layer().beforeTraining(layer));
      text.statements.add("out = " + layer.forward("out"));
    }
    text.statements.add("loss = " + loss.expression("out", "y_batch", ProgramText::constant));
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < text.parameters; i++) {
      inputs.add("p" + i);
      // The fused optimizers read gradients as plain memory.
      outputs.add("torch.contiguous(unchecked_cast(Tensor, gradients[" + i + "]))");
    }
    text.statements.add("gradients = torch.grad([loss], [" + String.join(", ", inputs) + "])");
    text.statements.add("g = [" + String.join(", ", outputs) + "]");
    return text;
  }

  /** Without autograd; null if a layer or the loss has no gradient of its own. */
  static @Nullable Backpropagation own(ModelDefinition model, Loss loss, Target target) {
    Backpropagation text = new Backpropagation(model, false);
    int count = text.layers.size();
    Loss.Differentiated end =
        loss.differentiated("h" + count, "y_batch", target, ProgramText::constant);
    if (end == null) {
      return null;
    }
    text.statements.add("h0 = x_batch");
    List<String> backwards = new ArrayList<>();
    String[] gradients = new String[text.parameters];
    for (int i = count - 1; i >= 0; i--) {
      LayerScope layer = text.layers.get(i);
      Backward backward = layer.layer().backward("h" + i, "h" + (i + 1), "d" + (i + 1), layer);
      if (backward == null) {
        return null;
      }
      backward
          .parameters()
          .forEach(
              (name, gradient) -> {
                int place = layer.place(name);
                gradients[place] = "g" + place;
                backwards.add("g" + place + " = " + gradient);
              });
      // No parameters before it: nobody asks for the gradient of its input.
      if (layer.parameters() > 0) {
        backwards.add("d" + i + " = " + backward.input());
      }
    }
    for (int i = 0; i < count; i++) {
      LayerScope layer = text.layers.get(i);
      text.statements.addAll(layer.layer().beforeTraining(layer));
      text.statements.add("h" + (i + 1) + " = " + layer.forward("h" + i));
    }
    text.statements.addAll(end.statements());
    text.statements.add("d" + count + " = " + end.gradient());
    text.statements.addAll(backwards);
    text.statements.add("g = [" + String.join(", ", gradients) + "]");
    return text;
  }

  /** Whether the script needs autograd, and so must not run in inference mode. */
  boolean autograd() {
    return autograd;
  }

  /** What is done once before many batches. */
  List<String> before() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < parameters; i++) {
      // Gradients are taken of aliases, so that the steps can write to the parameters themselves.
      lines.add(
          autograd
              ? "p%1$d = torch.requires_grad_(torch.detach(p[%1$d]))".formatted(i)
              : "p%1$d = p[%1$d]".formatted(i));
    }
    if (!autograd) {
      lines.add("one = torch.new_ones(x, annotate(List[int], []))");
    }
    return lines;
  }

  /** What sets {@code loss}, and the list {@code g} of the parameters' gradients. */
  List<String> statements() {
    return statements;
  }
}
