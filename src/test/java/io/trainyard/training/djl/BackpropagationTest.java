package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.datasets.Target;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Errors;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.losses.Losses;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Gradients of layers' and losses' own against autograd's, which follow from the forward alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackpropagationTest {
  /** What autograd makes the gradients of. */
  private static final Set<String> LEFT_TO_AUTOGRAD =
      Set.of(
          "Conv1d",
          "Conv2d",
          "MaxPool1d",
          "MaxPool2d",
          "AvgPool1d",
          "AvgPool2d",
          "AdaptiveAvgPool2d",
          "BatchNorm1d",
          "BatchNorm2d",
          "LayerNorm",
          "Dropout",
          "PReLU",
          "Softsign");

  private PtNDManager manager;

  @BeforeAll
  void open() {
    manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu());
  }

  @AfterAll
  void close() {
    manager.close();
  }

  static List<String> layers() {
    return List.of(
        "{\"type\": \"Linear\", \"in_features\": 6, \"out_features\": 6}",
        "{\"type\": \"Linear\", \"in_features\": 6, \"out_features\": 6, \"bias\": false}",
        "{\"type\": \"Identity\"}",
        "{\"type\": \"ReLU\"}",
        "{\"type\": \"LeakyReLU\", \"negative_slope\": 0.2}",
        "{\"type\": \"Tanh\"}",
        "{\"type\": \"Sigmoid\"}",
        "{\"type\": \"Softmax\", \"dim\": -1}",
        "{\"type\": \"LogSoftmax\", \"dim\": 1}",
        "{\"type\": \"ELU\", \"alpha\": 0.7}",
        "{\"type\": \"SELU\"}",
        "{\"type\": \"GELU\"}",
        "{\"type\": \"GELU\", \"approximate\": \"tanh\"}",
        "{\"type\": \"SiLU\"}",
        "{\"type\": \"Mish\"}",
        "{\"type\": \"Softplus\", \"beta\": 2.0, \"threshold\": 1.0}",
        "{\"type\": \"Hardtanh\", \"min_val\": -0.3, \"max_val\": 0.4}",
        "{\"type\": \"Hardswish\"}",
        "{\"type\": \"ReLU6\"}",
        """
        {"type": "Custom", "parameters": {"g": [6], "w": [6, 6]}, "forward": "(x * g).mm(w)",
         "backward": {"x": "grad_output.mm(w.t()) * g", "w": "(x * g).t().mm(grad_output)",
                      "g": "(grad_output.mm(w.t()) * x).sum(0)"}}
        """,
        """
        {"type": "Unflatten", "dim": 1, "unflattened_size": [2, 3]},
        {"type": "Linear", "in_features": 3, "out_features": 3},
        {"type": "Flatten"}
        """);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void layersAgreeWithAutograd(String layer) {
    ObjectNode job = job(layer);
    job.set("loss", Plans.json("{\"type\": \"MSELoss\"}"));
    job.set("dataset", values());
    compare(job);
  }

  @Test
  void everyLayerHasOneOfBoth() {
    List<String> tried = new ArrayList<>(LEFT_TO_AUTOGRAD);
    layers().forEach(text -> tried.addAll(types("[" + text + "]")));
    assertThat(tried).containsAll(Layers.VOCABULARY.types());
  }

  static List<String> losses() {
    return List.of(
        "{\"type\": \"MSELoss\"}",
        "{\"type\": \"MSELoss\", \"reduction\": \"sum\"}",
        "{\"type\": \"L1Loss\"}",
        "{\"type\": \"L1Loss\", \"reduction\": \"sum\"}",
        "{\"type\": \"SmoothL1Loss\", \"beta\": 0.5}",
        "{\"type\": \"HuberLoss\", \"delta\": 0.5, \"reduction\": \"sum\"}",
        "{\"type\": \"BCEWithLogitsLoss\"}",
        "{\"type\": \"BCEWithLogitsLoss\", \"reduction\": \"sum\"}",
        "{\"type\": \"BCELoss\"}",
        "{\"type\": \"CrossEntropyLoss\"}",
        "{\"type\": \"CrossEntropyLoss\", \"weight\": [1, 2, 3, 0.5, 1, 1], \"ignore_index\": 2}",
        "{\"type\": \"CrossEntropyLoss\", \"reduction\": \"sum\"}",
        "{\"type\": \"NLLLoss\", \"weight\": [1, 2, 3, 0.5, 1, 1]}");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossesAgreeWithAutograd(String loss) {
    String type = Plans.json(loss).get("type").stringValue();
    ObjectNode job =
        job(type.equals("BCELoss") ? "{\"type\": \"Sigmoid\"}" : "{\"type\": \"Tanh\"}");
    job.set("loss", Plans.json(loss));
    boolean classes = type.equals("CrossEntropyLoss") || type.equals("NLLLoss");
    job.set("dataset", classes ? classes() : values());
    if (type.startsWith("BCE")) {
      job.withObject("/dataset").put("target_range", "unit");
    }
    compare(job);
  }

  @Test
  void everyLossIsTried() {
    List<String> tried = new ArrayList<>(types("[" + String.join(",", losses()) + "]"));
    tried.add("Custom"); // autograd's own
    assertThat(tried).containsAll(Losses.VOCABULARY.types());
  }

  /** Where one part has none, autograd makes all. */
  @Test
  void oneLayerWithoutLeavesAllToAutograd() {
    ObjectNode job = job("{\"type\": \"Dropout\"}");
    job.set("loss", Plans.json("{\"type\": \"MSELoss\"}"));
    job.set("dataset", values());
    TrainingPlan plan = Plans.plan(job);
    assertThat(
            Backpropagation.of(plan.model(), plan.loss(), target(plan), Products.TORCH).autograd())
        .isTrue();
  }

  private void compare(ObjectNode job) {
    compare(job, Products.TORCH);
    compare(job, new Products(true, 1 << 30)); // so many rows that each product is a large one
  }

  private void compare(ObjectNode job, Products products) {
    TrainingPlan plan = Plans.plan(job);
    Target target = target(plan);
    Backpropagation own = Backpropagation.own(plan.model(), plan.loss(), target, products);
    List<float[]> expected = gradients(plan, Backpropagation.autograd(plan.model(), plan.loss()));
    List<float[]> actual = gradients(plan, Objects.requireNonNull(own));
    assertThat(actual).hasSameSizeAs(expected).hasSizeGreaterThan(2);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i))
          .usingComparatorWithPrecision(2e-6f)
          .containsExactly(expected.get(i));
      if (i > 0) { // the loss is first
        assertThat(actual.get(i))
            .as("gradient " + i)
            .usingComparatorWithPrecision(1e-9f)
            .contains(nonZero(actual.get(i)));
      }
    }
  }

  private static float nonZero(float[] values) {
    for (float value : values) {
      if (Math.abs(value) > 1e-6) {
        return value;
      }
    }
    throw new AssertionError("all gradients are 0");
  }

  /** The loss and the gradients of one batch, as the program computes them. */
  private List<float[]> gradients(TrainingPlan plan, Backpropagation text) {
    StringBuilder method = new StringBuilder();
    method.append("  def run(self: __torch__.Program, x: Tensor, y: Tensor, p: List[Tensor]");
    plan.loss()
        .constants()
        .keySet()
        .forEach(name -> method.append(", " + ProgramText.constant(name) + ": Tensor"));
    method.append(") -> Tensor:\n    x_batch = x\n    y_batch = y\n");
    text.before().forEach(line -> method.append("    ").append(line).append('\n'));
    text.statements().forEach(line -> method.append("    ").append(line).append('\n'));
    method.append("    flat = [torch.reshape(torch.detach(loss), [1])]\n");
    method.append("    for i in range(torch.len(g)):\n");
    method.append("      flat = torch.append(flat, torch.reshape(g[i], [-1]))\n");
    method.append("    return torch.cat(flat)\n");
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      JniUtils.setSeed(3);
      NDArray x = scope.randomNormal(0, 1, new Shape(8, 6), DataType.FLOAT32);
      NDArray y;
      if (target(plan) instanceof Target.Classes) {
        y = scope.create(new long[] {0, 1, 2, 3, 4, 5, 1, 2});
      } else {
        y = scope.randomUniform(0, 1, new Shape(8, 6), DataType.FLOAT32);
      }
      Weights weights = Weights.create(scope, plan.model());
      NDList arguments = new NDList(x, y).addAll(weights.arguments());
      for (var values : plan.loss().constants().values()) {
        arguments.add(
            scope
                .create(values.stream().mapToDouble(v -> v).toArray())
                .toType(DataType.FLOAT32, false));
      }
      JniUtils.setGradMode(true);
      float[] flat =
          Script.load(scope, method.toString())
              .run("run", arguments, text.autograd())
              .toFloatArray();
      List<float[]> parts = new ArrayList<>();
      int begin = 0;
      List<Long> sizes = new ArrayList<>(List.of(1L));
      weights.byName().values().forEach(array -> sizes.add(array.size()));
      for (long size : sizes) {
        parts.add(java.util.Arrays.copyOfRange(flat, begin, begin + (int) size));
        begin += (int) size;
      }
      assertThat(begin).isEqualTo(flat.length);
      return parts;
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  private static Target target(TrainingPlan plan) {
    Errors errors = new Errors();
    ModelSummary summary =
        Objects.requireNonNull(
            plan.model().summarize(plan.data().shape().input(), "/model", errors));
    try {
      return plan.loss()
          .accept(Objects.requireNonNull(summary.outputShape()), plan.data().shape().target());
    } catch (io.trainyard.models.ShapeMismatch e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> types(String array) {
    List<String> types = new ArrayList<>();
    Plans.json(array).forEach(node -> types.add(node.get("type").stringValue()));
    return types;
  }

  /** The part in question between two layers, so that it passes gradients on. */
  private static ObjectNode job(String layer) {
    ObjectNode job = Plans.document();
    String linear = "{\"type\": \"Linear\", \"in_features\": 6, \"out_features\": 6}";
    job.set("model", Plans.json("{\"layers\": [" + linear + "," + layer + "]}"));
    return job;
  }

  private static tools.jackson.databind.JsonNode values() {
    return Plans.json(
        "{\"type\": \"synthetic\", \"seed\": 1, \"samples\": 8, \"input_shape\": [6], \"target_shape\": [6]}");
  }

  private static tools.jackson.databind.JsonNode classes() {
    return Plans.json(
        "{\"type\": \"synthetic\", \"seed\": 1, \"samples\": 8, \"input_shape\": [6], \"classes\": 6}");
  }
}
