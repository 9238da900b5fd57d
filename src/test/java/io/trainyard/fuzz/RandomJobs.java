package io.trainyard.fuzz;

import static io.trainyard.expressions.TensorType.BATCH;

import io.trainyard.expressions.DType;
import io.trainyard.expressions.RandomExpressions;
import io.trainyard.expressions.TensorType;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import io.trainyard.shared.Vocabulary;
import io.trainyard.training.JobDocument;
import io.trainyard.training.References;
import io.trainyard.training.losses.Losses;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Job documents that the service accepts, of everything the vocabularies have. */
public final class RandomJobs {
  private static final int MAX_ELEMENTS = 400;
  private static final int MAX_PARAMETERS = 20_000;
  private static final Map<Vocabulary<?>, ObjectNode> SCHEMAS =
      Map.of(
          Layers.VOCABULARY, Layers.VOCABULARY.schema(),
          Losses.VOCABULARY, Losses.VOCABULARY.schema(),
          Optimizers.VOCABULARY, Optimizers.VOCABULARY.schema(),
          Schedulers.VOCABULARY, Schedulers.VOCABULARY.schema());

  private final Draw draw;

  public RandomJobs(Random random) {
    this.draw = new Draw(random);
  }

  /** No stored models or datasets. */
  public static final References NOTHING =
      new References() {
        @Override
        public @Nullable StoredModel model(String reference) {
          return null;
        }

        @Override
        public @Nullable StoredDataset dataset(String reference) {
          return null;
        }
      };

  /** A document with an inline model and dataset. */
  public ObjectNode next() {
    while (true) {
      ObjectNode job = candidate();
      try {
        JobDocument.read(job, NOTHING);
        return job;
      } catch (Problem e) {
        // Not a valid one: another.
      }
    }
  }

  private ObjectNode candidate() {
    Shape input = input();
    ArrayNode layers = Json.MAPPER.createArrayNode();
    Shape output = input;
    int count = draw.number(1, 5);
    for (int i = 0; i < count; i++) {
      ObjectNode layer = layer(output);
      Shape next = output(layer, output);
      if (next != null) {
        layers.add(layer);
        output = next;
      }
    }
    ObjectNode job = Json.object();
    job.putObject("model").set("layers", layers);
    boolean classes = output.rank() == 1 && draw.chance(0.5);
    ObjectNode dataset = job.putObject("dataset").put("type", "synthetic");
    dataset.put("seed", draw.number(0, 9)).put("samples", draw.number(1, 12));
    dataset.set("input_shape", Json.tree(input));
    if (classes) {
      dataset.put("classes", draw.number(1, output.size(0)));
    } else {
      dataset.set("target_shape", Json.tree(output.rank() == 0 ? Shape.of(1) : output));
      if (draw.chance(0.5)) {
        dataset.put("target_range", "unit");
      }
    }
    job.set("loss", loss(output, classes));
    job.set("optimizer", kind(Optimizers.VOCABULARY, List.of(1), Map.of()));
    if (draw.chance(0.4)) {
      job.set("scheduler", kind(Schedulers.VOCABULARY, List.of(1, 2), Map.of()));
    }
    options(job, classes);
    return job;
  }

  /** The shape of an input: vectors, sequences or images, small. */
  public Shape input() {
    List<Integer> sizes = new ArrayList<>();
    int rank = draw.number(1, 3);
    for (int i = 0; i < rank; i++) {
      sizes.add(draw.number(1, i == 0 && rank > 1 ? 4 : 6));
    }
    return new Shape(sizes);
  }

  /** A layer that takes such inputs. */
  public ObjectNode layer(Shape input) {
    while (true) {
      String type = draw.of(Layers.VOCABULARY.types());
      for (int i = 0; i < 30; i++) {
        ObjectNode layer =
            new SchemaValues(draw, schema(Layers.VOCABULARY), likely(input), members(input))
                .kind(type);
        if (output(layer, input) != null) {
          return layer;
        }
      }
    }
  }

  /** What a layer makes of such inputs; null if it does not take them, or is large. */
  public static @Nullable Shape output(JsonNode layer, Shape input) {
    ObjectNode model = Json.object();
    model.putArray("layers").add(layer);
    Errors errors = new Errors();
    ModelDefinition definition = ModelDefinition.read(model, "", errors);
    ModelSummary summary = definition == null ? null : definition.summarize(input, "", errors);
    Shape output = summary == null ? null : summary.outputShape();
    return summary == null
            || output == null
            || output.elements() > MAX_ELEMENTS
            || summary.parameters() > MAX_PARAMETERS
        ? null
        : output;
  }

  private static List<Integer> likely(Shape input) {
    List<Integer> sizes = new ArrayList<>(List.of(1, 2, 3));
    input.dimensions().forEach(size -> sizes.addAll(List.of(size, size)));
    return sizes;
  }

  private Map<String, Supplier<@Nullable JsonNode>> members(Shape input) {
    Map<String, Supplier<@Nullable JsonNode>> members = new HashMap<>();
    if (input.rank() > 0) {
      members.put("in_features", () -> Json.tree(input.size(-1)));
      members.put("in_channels", () -> Json.tree(input.size(0)));
      members.put("num_features", () -> Json.tree(input.size(0)));
      int from = draw.number(0, input.rank() - 1);
      members.put(
          "normalized_shape", () -> Json.tree(input.dimensions().subList(from, input.rank())));
      members.put("dim", () -> Json.tree(draw.number(-input.rank(), input.rank())));
    }
    ObjectNode parameters = Json.object();
    Map<String, TensorType> scope = new HashMap<>(Map.of("x", batch(input)));
    for (String name : List.of("w", "v")) {
      if (draw.chance(0.7)) {
        Shape shape = draw.chance(0.5) ? input : Shape.of(input.rank() == 0 ? 1 : input.size(-1));
        if (shape.rank() > 0) {
          parameters.set(name, Json.tree(shape));
          scope.put(name, type(shape));
        }
      }
    }
    members.put("parameters", () -> parameters);
    members.put(
        "forward", () -> Json.tree(new RandomExpressions(draw.random(), scope).next(4).text()));
    members.put("backward", () -> draw.chance(0.8) ? null : own());
    return members;
  }

  private static JsonNode own() {
    return Json.object().put("x", "grad_output * 0.5");
  }

  private ObjectNode loss(Shape output, boolean classes) {
    List<Integer> sizes = List.of(1, 2);
    Map<String, Supplier<@Nullable JsonNode>> members = new HashMap<>();
    int length = output.rank() == 0 ? 1 : draw.of(output.size(0), output.size(-1));
    for (String name : List.of("weight", "pos_weight")) {
      members.put(name, () -> numbers(length));
    }
    Map<String, TensorType> scope =
        Map.of(
            "y_pred",
            batch(output),
            "y",
            classes ? TensorType.of(DType.INT64, BATCH) : batch(output));
    members.put(
        "expression",
        () -> {
          String text = new RandomExpressions(draw.random(), scope).next(4).text();
          return Json.tree(draw.of("(%s).mean()", "torch.sum(%s)").formatted(text));
        });
    return kind(Losses.VOCABULARY, sizes, members);
  }

  private ArrayNode numbers(int length) {
    ArrayNode array = Json.MAPPER.createArrayNode();
    for (int i = 0; i < length; i++) {
      array.add(draw.real(0, 2));
    }
    return array;
  }

  private ObjectNode kind(
      Vocabulary<?> vocabulary,
      List<Integer> sizes,
      Map<String, Supplier<@Nullable JsonNode>> members) {
    return new SchemaValues(draw, schema(vocabulary), sizes, members)
        .kind(draw.of(vocabulary.types()));
  }

  private static ObjectNode schema(Vocabulary<?> vocabulary) {
    return java.util.Objects.requireNonNull(SCHEMAS.get(vocabulary));
  }

  private void options(ObjectNode job, boolean classes) {
    job.put("epochs", draw.number(1, 3)).put("seed", draw.number(0, 1000));
    if (draw.chance(0.7)) {
      job.put("batch_size", draw.number(1, 8));
    }
    job.put("shuffle", draw.chance(0.5));
    boolean validates = draw.chance(0.4);
    if (validates) {
      job.putObject("validation").put("fraction", draw.real(0.1, 0.9));
    }
    if (classes && draw.chance(0.5)) {
      job.putArray("metrics").add("accuracy");
    }
    if (draw.chance(0.3)) {
      job.putObject("early_stopping")
          .put("monitor", validates ? "validation_loss" : "train_loss")
          .put("patience", draw.number(0, 2))
          .put("restore_best", draw.chance(0.5));
    }
    if (draw.chance(0.3)) {
      job.putObject("gradient_clipping").put(draw.of("max_norm", "clip_value"), draw.real(0.01, 2));
    }
  }

  private static TensorType batch(Shape shape) {
    List<Long> sizes = new ArrayList<>(List.of(BATCH));
    shape.dimensions().forEach(size -> sizes.add(size.longValue()));
    return new TensorType(DType.FLOAT32, sizes);
  }

  private static TensorType type(Shape shape) {
    return new TensorType(
        DType.FLOAT32, shape.dimensions().stream().map(Integer::longValue).toList());
  }
}
