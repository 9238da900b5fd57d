package io.trainyard.training.djl;

import io.trainyard.models.GradientFlow;
import io.trainyard.models.ModelDefinition;
import io.trainyard.training.Loss;
import io.trainyard.training.Optimizer;
import io.trainyard.training.TrainingPlan.GradientClipping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a model's methods and its training as TorchScript. */
final class ProgramText {
  /** The places of a call's numbers in the {@code control} array; learning rates follow. */
  static final int BEGIN = 0;

  static final int END = 1;
  static final int EPOCHS = 2;
  private static final int EVALUATED = 3;
  private static final int STEP = 4;
  private static final int RATES = 5;

  private final ModelDefinition model;
  private final List<String> lines = new ArrayList<>();

  ProgramText(ModelDefinition model) {
    this.model = model;
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }

  /** {@code predict(x, p, buffers)}: outputs in evaluation mode. */
  ProgramText predict() {
    define("predict", List.of("x: Tensor"), weights());
    unpack();
    evaluation(2, "x", Products.TORCH);
    return line(2, "return torch.contiguous(out)");
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

  /** {@code finite(of)}: whether every number of a list of arrays is finite. */
  ProgramText finite() {
    define("finite", List.of("of: List[Tensor]"), List.of());
    line(2, "checks = annotate(List[Tensor], [])");
    line(2, "for i in range(torch.len(of)):");
    line(3, "checks = torch.append(checks, torch.all(torch.isfinite(of[i])))");
    return line(2, "return torch.all(torch.stack(checks))");
  }

  /**
   * {@code train(control, p, buffers, …states, constants, x, y, order, x_other, y_other)}: the
   * steps on the rows from BEGIN to END of each of EPOCHS epochs, with the rates RATES; if
   * EVALUATED, each epoch ends with an evaluation. An order is drawn where an epoch begins and kept
   * in {@code order}, int64, which is there if rows are shuffled; the other rows are there for
   * evaluation.
   *
   * @param evaluates whether there are other rows
   * @return per epoch the losses of the batches, each before its step, then what {@link #evaluate}
   *     gives
   */
  ProgramText train(
      Loss loss,
      Backpropagation backpropagation,
      Optimizer optimizer,
      @Nullable GradientClipping clipping,
      Steps steps,
      boolean evaluates) {
    List<String> arguments = new ArrayList<>(weights());
    optimizer.states().forEach(s -> arguments.add(s.name() + ": List[Tensor]"));
    arguments.addAll(data(loss));
    if (steps.shuffled()) {
      arguments.add("order: Tensor");
    }
    if (evaluates) {
      arguments.addAll(List.of("x_other: Tensor", "y_other: Tensor"));
    }
    define("train", List.of("control: Tensor"), arguments);
    range();
    line(2, "step = int(" + control(STEP) + ")");
    backpropagation.before().forEach(statement -> line(2, statement));
    line(2, "results = annotate(List[Tensor], [])");
    line(2, "for e in range(int(" + control(EPOCHS) + ")):");
    line(3, "lr = float(" + control(RATES + " + e") + ")");
    if (steps.shuffled()) {
      line(3, "if torch.eq(begin, 0):");
      line(4, newOrder(steps.rows()));
      line(3, "else:");
      line(4, "pass");
    }
    line(3, "losses = annotate(List[Tensor], [])");
    batches(3, steps);
    backpropagation.statements().forEach(statement -> line(4, statement));
    line(4, "losses = torch.append(losses, torch.detach(loss))");
    Clipping.statements(clipping).forEach(statement -> line(4, statement));
    optimizer.step().forEach(statement -> line(4, statement));
    line(4, "step = step + 1");
    line(3, "results = torch.append(results, torch.stack(losses))");
    if (evaluates) {
      evaluateEpoch(loss);
    }
    return line(2, "return torch.cat(results)");
  }

  private void evaluateEpoch(Loss loss) {
    List<String> passed = new ArrayList<>(List.of("0", "torch.size(x_other, 0)"));
    weights().forEach(argument -> passed.add(name(argument)));
    loss.constants().keySet().forEach(name -> passed.add(constant(name)));
    passed.addAll(List.of("x_other", "y_other"));
    line(3, "if torch.eq(int(" + control(EVALUATED) + "), 1):");
    line(4, "results = torch.append(results, (self).evaluated(" + String.join(", ", passed) + "))");
    line(3, "else:");
    line(4, "pass");
  }

  /**
   * {@code evaluate(control, p, buffers, constants, x, y)}: over the rows from BEGIN to END.
   *
   * @param accuracy whether to count the rows whose largest output is at the target's class
   * @return per batch the loss and, with {@code accuracy}, the count
   */
  ProgramText evaluate(Loss loss, int batch, boolean accuracy, Products products) {
    List<String> arguments = new ArrayList<>(weights());
    arguments.addAll(data(loss));
    List<String> passed = new ArrayList<>(List.of("begin", "end"));
    arguments.forEach(argument -> passed.add(name(argument)));
    define("evaluate", List.of("control: Tensor"), arguments);
    range();
    line(2, "return (self).evaluated(" + String.join(", ", passed) + ")");

    define("evaluated", List.of("begin: int", "end: int"), arguments);
    unpack();
    line(2, "losses = annotate(List[Tensor], [])");
    pieces(2, batch, "torch.slice(%s, 0, begin, end)");
    evaluation(3, "x_batch", products);
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
    GradientFlow flow = GradientFlow.of(model);
    int parameters = model.layers().stream().mapToInt(l -> l.parameters().size()).sum();
    int trained = 0;
    for (int i = 0; i < model.layers().size(); i++) {
      trained += flow.trained(i).size();
    }
    List<String> arguments = new ArrayList<>();
    if (trained > 0) {
      arguments.add("p: List[Tensor]");
    }
    if (trained < parameters) {
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

  /** The name of a declared argument. */
  private static String name(String argument) {
    return argument.substring(0, argument.indexOf(':'));
  }

  /**
   * What a call's {@code control} array holds: numbers of the places above, in their order.
   *
   * @param step steps made before
   * @param rates the learning rates of the call's epochs
   */
  static double[] control(int begin, int end, boolean evaluated, long step, double... rates) {
    double[] control = new double[RATES + rates.length];
    control[BEGIN] = begin;
    control[END] = end;
    control[EPOCHS] = rates.length;
    control[EVALUATED] = evaluated ? 1 : 0;
    control[STEP] = step;
    System.arraycopy(rates, 0, control, RATES, rates.length);
    return control;
  }

  /** Draws an epoch's order into {@code order}. */
  static String newOrder(int rows) {
    return "torch.copy_(order, torch.randperm(" + rows + ", dtype=4))";
  }

  static String control(int place) {
    return control(Integer.toString(place));
  }

  private static String control(String place) {
    return "torch.select(control, 0, " + place + ")";
  }

  /** The variable of a loss's constant. */
  static String constant(String name) {
    return "loss_" + name;
  }

  private void range() {
    line(2, "begin = int(" + control(BEGIN) + ")");
    line(2, "end = int(" + control(END) + ")");
  }

  private void unpack() {
    LayerScope.unpack(model, (layer, parameter, place) -> place).forEach(l -> line(2, l));
  }

  /** Begins a loop over the batches from begin to end. */
  private void batches(int depth, Steps steps) {
    if (!steps.shuffled()) {
      pieces(depth, steps.batch(), "torch.slice(%s, 0, begin, end)");
    } else if (steps.gathersAhead()) {
      line(depth, "rows = torch.slice(order, 0, begin, end)");
      pieces(depth, steps.batch(), "torch.index_select(%s, 0, rows)");
    } else {
      line(depth, "for i in range(begin, end, " + steps.batch() + "):");
      line(depth + 1, "rows = torch.slice(order, 0, i, min(i + " + steps.batch() + ", end))");
      line(depth + 1, "x_batch = torch.index_select(x, 0, rows)");
      line(depth + 1, "y_batch = torch.index_select(y, 0, rows)");
    }
  }

  /** A loop over all rows of a selection of x and y. */
  private void pieces(int depth, int batch, String selection) {
    for (String name : List.of("x", "y")) {
      String rows = selection.formatted(name);
      line(depth, "%s_batches = torch.split(%s, %d)".formatted(name, rows, batch));
    }
    line(depth, "for i in range(torch.len(x_batches)):");
    line(depth + 1, "x_batch = x_batches[i]");
    line(depth + 1, "y_batch = y_batches[i]");
  }

  private void evaluation(int depth, String input, Products products) {
    line(depth, "out = " + input);
    for (LayerScope layer : LayerScope.of(model, false, products)) {
      line(depth, "out = " + layer.forward("out"));
    }
  }

  private ProgramText line(int depth, String statement) {
    lines.add("  ".repeat(depth) + statement);
    return this;
  }
}
