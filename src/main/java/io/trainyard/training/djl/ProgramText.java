package io.trainyard.training.djl;

import io.trainyard.models.GradientFlow;
import io.trainyard.models.Layer;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import io.trainyard.training.Loss;
import io.trainyard.training.Optimizer;
import io.trainyard.training.TrainingPlan.GradientClipping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a model's methods and its training as TorchScript. */
final class ProgramText {
  /** The places of a call's numbers in the {@code control} array. */
  private static final int BEGIN = 0;

  private static final int END = 1;
  private static final int BATCH = 2;
  private static final int STEP = 3;
  private static final int LR = 4;

  private final ModelDefinition model;
  private final GradientFlow flow;
  private final List<String> lines = new ArrayList<>();

  ProgramText(ModelDefinition model) {
    this.model = model;
    this.flow = GradientFlow.of(model);
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }

  /** {@code predict(x, p, buffers)}: outputs in evaluation mode. */
  ProgramText predict() {
    define("predict", List.of("x: Tensor"), weights());
    unpack(2);
    forward(2, "x");
    return line(2, "return out");
  }

  /** {@code fill(w)}: statements that write to {@code w}. */
  static String fill(List<String> statements) {
    ProgramText text = new ProgramText(new ModelDefinition(List.of(), List.of(), List.of(), null));
    text.define("fill", List.of("w: Tensor"), List.of());
    statements.forEach(statement -> text.line(2, statement));
    return text.line(2, "return w").text();
  }

  /** {@code copy(to, from)}: writes one list of arrays over another. */
  ProgramText copy() {
    define("copy", List.of("to: List[Tensor]", "from_: List[Tensor]"), List.of());
    line(2, "torch._foreach_copy_(to, from_)");
    return line(2, "return from_[0]");
  }

  /**
   * {@code train(control, p, buffers, …states, constants, x, y, order)}: the steps on the rows from
   * BEGIN to END of an epoch's order.
   *
   * @param shuffled whether there is an order, else the rows are taken as they lie
   * @return losses of the batches, each before its step
   */
  ProgramText train(
      Loss loss, Optimizer optimizer, @Nullable GradientClipping clipping, boolean shuffled) {
    List<String> arguments = new ArrayList<>(weights());
    optimizer.states().forEach(s -> arguments.add(s.name() + ": List[Tensor]"));
    arguments.addAll(data(loss));
    if (shuffled) {
      arguments.add("order: Tensor");
    }
    define("train", List.of("control: Tensor"), arguments);
    line(2, "step = int(" + control(STEP) + ")");
    line(2, "lr = float(" + control(LR) + ")");
    unpackToTrain(2);
    batches(shuffled);
    Differentiation differentiation =
        new Differentiation(model.layers(), flow, layer -> scope(layer, true));
    lines(3, differentiation.forward("x_batch"));
    line(3, "loss = " + loss.expression("out", "y_batch", ProgramText::constant));
    line(3, "losses = torch.append(losses, torch.detach(loss))");
    lines(3, differentiation.gradients());
    clip(clipping);
    lines(3, optimizer.step());
    line(3, "step = step + 1");
    return line(2, "return torch.stack(losses)");
  }

  /**
   * {@code evaluate(control, p, buffers, constants, x, y)}: over the rows from BEGIN to END.
   *
   * @param accuracy whether to count the rows whose largest output is at the target's class
   * @return per batch the loss and, with {@code accuracy}, the count
   */
  ProgramText evaluate(Loss loss, boolean accuracy) {
    List<String> arguments = new ArrayList<>(weights());
    arguments.addAll(data(loss));
    define("evaluate", List.of("control: Tensor"), arguments);
    unpack(2);
    batches(false);
    forward(3, "x_batch");
    line(3, "loss = " + loss.expression("out", "y_batch", ProgramText::constant));
    line(3, "losses = torch.append(losses, loss)");
    if (accuracy) {
      line(3, "hits = torch.sum(torch.eq(torch.argmax(out, 1), y_batch))");
      line(3, "losses = torch.append(losses, torch.type_as(hits, loss))");
    }
    return line(2, "return torch.stack(losses)");
  }

  private void define(String name, List<String> first, List<String> others) {
    List<String> all = new ArrayList<>(List.of("self: __torch__." + Script.CLASS_NAME));
    all.addAll(first);
    all.addAll(others);
    line(1, "def " + name + "(" + String.join(", ", all) + ") -> Tensor:");
  }

  /** DJL cannot pass an empty list, so an argument without arrays is left out. */
  private List<String> weights() {
    List<String> arguments = new ArrayList<>();
    if (count(true) > 0) {
      arguments.add("p: List[Tensor]");
    }
    if (count(false) > 0) {
      arguments.add("frozen: List[Tensor]");
    }
    if (model.layers().stream().anyMatch(l -> !l.buffers().isEmpty())) {
      arguments.add("buffers: List[Tensor]");
    }
    return arguments;
  }

  private static List<String> data(Loss loss) {
    List<String> arguments = new ArrayList<>();
    loss.constants().keySet().forEach(name -> arguments.add(constant(name) + ": Tensor"));
    arguments.addAll(List.of("x: Tensor", "y: Tensor"));
    return arguments;
  }

  /** What a call's {@code control} array holds: numbers of the places above, in their order. */
  static double[] control(int begin, int end, int batch, long step, double lr) {
    return new double[] {begin, end, batch, step, lr};
  }

  private static String control(int place) {
    return "torch.select(control, 0, " + place + ")";
  }

  private static String constant(String name) {
    return "loss_" + name;
  }

  private int count(boolean trained) {
    int count = 0;
    for (int i = 0; i < model.layers().size(); i++) {
      int training = flow.trained(i).size();
      count += trained ? training : model.layers().get(i).parameters().size() - training;
    }
    return count;
  }

  private void unpack(int depth) {
    unpack(depth, (layer, parameter, place) -> place);
  }

  /**
   * Gradients are taken of aliases, so that the steps can write to the parameters themselves. Those
   * that autograd has nothing to do with are left out of its graph.
   */
  private void unpackToTrain(int depth) {
    unpack(
        depth,
        (layer, parameter, place) -> {
          boolean differentiated =
              flow.trains(layer, parameter) && model.layers().get(layer).backward() == null;
          String alias = "torch.detach(" + place + ")";
          return differentiated ? "torch.requires_grad_(" + alias + ")" : alias;
        });
  }

  /** What a parameter's variable is set to. */
  private interface Unpacking {
    /**
     * The expression.
     *
     * @param place the parameter in its list
     */
    String of(int layer, Parameter parameter, String place);
  }

  private void unpack(int depth, Unpacking unpacking) {
    int trained = 0;
    int frozen = 0;
    for (int i = 0; i < model.layers().size(); i++) {
      for (Parameter parameter : model.layers().get(i).parameters()) {
        String place =
            flow.trains(i, parameter) ? "p[" + trained++ + "]" : "frozen[" + frozen++ + "]";
        line(depth, "p" + (trained + frozen - 1) + " = " + unpacking.of(i, parameter, place));
      }
    }
  }

  private void batches(boolean shuffled) {
    line(2, "begin = int(" + control(BEGIN) + ")");
    line(2, "end = int(" + control(END) + ")");
    line(2, "size = int(" + control(BATCH) + ")");
    line(2, "losses = annotate(List[Tensor], [])");
    line(2, "for i in range(begin, end, size):");
    line(3, "until = min(i + size, end)");
    if (shuffled) {
      line(3, "rows = torch.slice(order, 0, i, until)");
      line(3, "x_batch = torch.index_select(x, 0, rows)");
      line(3, "y_batch = torch.index_select(y, 0, rows)");
    } else {
      line(3, "x_batch = torch.slice(x, 0, i, until)");
      line(3, "y_batch = torch.slice(y, 0, i, until)");
    }
  }

  /** In evaluation mode. */
  private void forward(int depth, String input) {
    line(depth, "out = " + input);
    for (int i = 0; i < model.layers().size(); i++) {
      line(depth, "out = " + model.layers().get(i).forward("out", scope(i, false)));
    }
  }

  private LayerScope scope(int index, boolean training) {
    List<Layer> before = model.layers().subList(0, index);
    return new LayerScope(
        model.layers().get(index),
        before.stream().mapToInt(l -> l.parameters().size()).sum(),
        before.stream().mapToInt(l -> l.buffers().size()).sum(),
        training);
  }

  /** torch's clip_grad_norm_ and clip_grad_value_. */
  private void clip(@Nullable GradientClipping clipping) {
    if (clipping == null) {
      return;
    }
    if (clipping.maxNorm() != null) {
      line(3, "norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)), 2)");
      line(3, "clip = torch.reciprocal(torch.add(norm, 1e-6))");
      line(3, "clip = torch.mul(clip, " + clipping.maxNorm() + ")");
      line(3, "g = torch._foreach_mul(g, torch.clamp(clip, None, 1.))");
    }
    if (clipping.clipValue() != null) {
      line(3, "g = torch._foreach_clamp_min(g, " + -clipping.clipValue() + ")");
      line(3, "g = torch._foreach_clamp_max(g, " + clipping.clipValue() + ")");
    }
  }

  private void lines(int depth, List<String> statements) {
    statements.forEach(statement -> line(depth, statement));
  }

  private ProgramText line(int depth, String statement) {
    lines.add("  ".repeat(depth) + statement);
    return this;
  }

  /** One layer's variables, by the places of its arrays in the lists. */
  private record LayerScope(Layer layer, int parameters, int buffers, boolean inTraining)
      implements Layer.Scope {

    @Override
    public String parameter(String name) {
      return "p" + (parameters + index(layer.parameters(), name));
    }

    @Override
    public String buffer(String name) {
      return "buffers[" + (buffers + index(layer.buffers(), name)) + "]";
    }

    @Override
    public String training() {
      return inTraining ? "True" : "False";
    }

    private static int index(List<Parameter> list, String name) {
      return list.stream().map(Parameter::name).toList().indexOf(name);
    }
  }
}
