package io.trainyard.training.djl;

import io.trainyard.models.Layer;
import io.trainyard.models.ModelSummary;
import io.trainyard.shared.Shape;
import io.trainyard.training.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What the epochs of a training draw from torch's generator: an order of the rows each, and masks
 * for each batch. Made again without the training they leave the generator, which can neither be
 * read nor set, where the training would have left it.
 */
final class Draws {
  static final String METHOD = "replay";

  private final TrainingPlan plan;
  private final int rows;
  private final int batch;
  private final List<LayerScope> layers = new ArrayList<>();
  private final List<Shape> inputs = new ArrayList<>();

  /**
   * @param rows that train
   */
  Draws(TrainingPlan plan, ModelSummary summary, int rows, int batch) {
    this.plan = plan;
    this.rows = rows;
    this.batch = batch;
    List<LayerScope> scopes = LayerScope.of(plan.model(), true, Products.TORCH);
    for (ModelSummary.Row row : summary.layers()) {
      Layer layer = plan.model().layers().get(row.index());
      if (layer.draws()) {
        layers.add(scopes.get(row.index()));
        inputs.add(Objects.requireNonNull(row.inputShape()));
      }
    }
  }

  /** Whether anything is drawn. */
  boolean any() {
    return plan.shuffle() || !layers.isEmpty();
  }

  /** Numbers in the largest batch that a layer draws for; 0 if none does. */
  long largest() {
    return inputs.stream().mapToLong(Shape::elements).max().orElse(0) * batch;
  }

  /**
   * {@code replay(control, sink, zeros, order)}: the draws of EPOCHS epochs for their rows from
   * BEGIN to END, as {@link ProgramText#train} makes them. {@code sink}, one number, is written to,
   * so that the masks are not dropped as dead code; {@code zeros} has {@link #largest} and is there
   * if a layer draws; {@code order} is there if rows are shuffled, and is the last order
   * afterwards.
   *
   * @return nothing if nothing is drawn
   */
  String text() {
    if (!any()) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "  def %s(self: __torch__.%s, control: Tensor, sink: Tensor%s%s) -> Tensor:"
            .formatted(
                METHOD,
                Script.CLASS_NAME,
                layers.isEmpty() ? "" : ", zeros: Tensor",
                plan.shuffle() ? ", order: Tensor" : ""));
    lines.add("    begin = int(" + ProgramText.control(ProgramText.BEGIN) + ")");
    lines.add("    end = int(" + ProgramText.control(ProgramText.END) + ")");
    lines.add("    for e in range(int(" + ProgramText.control(ProgramText.EPOCHS) + ")):");
    if (plan.shuffle()) {
      lines.add("      if torch.eq(begin, 0):");
      lines.add("        " + ProgramText.newOrder(rows));
      lines.add("      else:");
      lines.add("        pass");
    }
    if (!layers.isEmpty()) {
      lines.add("      for i in range(begin, end, " + batch + "):");
      lines.add("        count = min(" + batch + ", end - i)");
      for (int k = 0; k < layers.size(); k++) {
        Shape input = inputs.get(k);
        String sizes = input.dimensions().stream().map(d -> ", " + d).collect(Collectors.joining());
        lines.add("        x = torch.slice(zeros, 0, 0, count * " + input.elements() + ")");
        lines.add("        x = torch.view(x, [count" + sizes + "])");
        lines.add("        torch.copy_(sink, torch.sum(" + layers.get(k).forward("x") + "))");
      }
    }
    lines.add("    return sink");
    return String.join("\n", lines) + "\n";
  }
}
