package io.trainyard.training.djl;

import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.datasets.Target;
import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import io.trainyard.training.Optimizer;
import io.trainyard.training.Scheduler;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes plans from job documents, and jobs to try the engine with. */
final class Plans {
  private Plans() {}

  /** A small classification that learns: 4 inputs, 3 classes, 60 rows, batches of 16. */
  static ObjectNode document() {
    return (ObjectNode)
        json(
            """
            {"model": {"layers": [
               {"type": "Linear", "in_features": 4, "out_features": 16}, {"type": "ReLU"},
               {"type": "Linear", "in_features": 16, "out_features": 3}]},
             "dataset": {"type": "synthetic", "seed": 5, "samples": 60, "input_shape": [4], "classes": 3},
             "loss": {"type": "CrossEntropyLoss"},
             "optimizer": {"type": "SGD", "lr": 0.1},
             "epochs": 4, "batch_size": 16, "shuffle": true, "seed": 7}
            """);
  }

  static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a document.
   *
   * @throws io.trainyard.shared.Problem if its words are unknown
   */
  static TrainingPlan plan(JsonNode job) {
    Errors errors = new Errors();
    ModelDefinition model = ModelDefinition.read(job.get("model"), "/model", errors);
    Loss loss = Losses.VOCABULARY.read(job.get("loss"), "/loss", errors);
    Optimizer optimizer = Optimizers.VOCABULARY.read(job.get("optimizer"), "/optimizer", errors);
    Scheduler scheduler =
        job.has("scheduler")
            ? Schedulers.VOCABULARY.read(job.get("scheduler"), "/scheduler", errors)
            : null;
    errors.throwIfAny();
    return new TrainingPlan(
        Objects.requireNonNull(model),
        synthetic(job.get("dataset")),
        Objects.requireNonNull(loss),
        Objects.requireNonNull(optimizer),
        scheduler,
        job.get("epochs").intValue(),
        job.hasNonNull("batch_size") ? job.get("batch_size").intValue() : null,
        job.path("shuffle").asBoolean(false),
        job.get("seed").longValue(),
        job.path("validation").path("fraction").asDouble(0),
        texts(job.get("metrics")),
        earlyStopping(job.get("early_stopping")),
        clipping(job.get("gradient_clipping")),
        job.path("device").asString("cpu"));
  }

  private static SyntheticSpec synthetic(JsonNode data) {
    Target target =
        data.has("classes")
            ? new Target.Classes(data.get("classes").intValue(), List.of())
            : new Target.Values(shape(data.get("target_shape")));
    return new SyntheticSpec(
        data.get("seed").longValue(),
        data.get("samples").intValue(),
        shape(data.get("input_shape")),
        target,
        data.path("target_range").asString("").equals("unit"));
  }

  private static Shape shape(JsonNode sizes) {
    return Json.MAPPER.treeToValue(sizes, Shape.class);
  }

  private static List<String> texts(@Nullable JsonNode array) {
    List<String> texts = new ArrayList<>();
    if (array != null) {
      array.forEach(item -> texts.add(item.stringValue()));
    }
    return texts;
  }

  private static TrainingPlan.@Nullable EarlyStopping earlyStopping(@Nullable JsonNode node) {
    return node == null
        ? null
        : new TrainingPlan.EarlyStopping(
            node.get("monitor").stringValue(),
            node.get("patience").intValue(),
            node.path("min_delta").asDouble(0),
            node.path("restore_best").asBoolean(false));
  }

  private static TrainingPlan.@Nullable GradientClipping clipping(@Nullable JsonNode node) {
    return node == null
        ? null
        : new TrainingPlan.GradientClipping(
            node.has("max_norm") ? node.get("max_norm").doubleValue() : null,
            node.has("clip_value") ? node.get("clip_value").doubleValue() : null);
  }
}
