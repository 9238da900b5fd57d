package io.trainyard.training;

import io.trainyard.datasets.DatasetShape;
import io.trainyard.datasets.Target;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Names;
import io.trainyard.training.TrainingPlan.Checkpointing;
import io.trainyard.training.TrainingPlan.EarlyStopping;
import io.trainyard.training.TrainingPlan.GradientClipping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The members of a job document beside model, dataset, loss and optimizer.
 *
 * @param batchSize null for the whole training set at once
 * @param seed as given, or drawn
 * @param maxRuntimeSeconds null for no limit
 */
public record JobOptions(
    @Nullable String name,
    int epochs,
    @Nullable Integer batchSize,
    boolean shuffle,
    long seed,
    double validationFraction,
    List<String> metrics,
    @Nullable EarlyStopping earlyStopping,
    @Nullable GradientClipping gradientClipping,
    Checkpointing checkpointing,
    String device,
    int priority,
    @Nullable Double maxRuntimeSeconds,
    Map<String, String> tags) {

  /** How many of the newest checkpoints are kept where the document does not say it. */
  public static final int KEPT_CHECKPOINTS = 2;

  static final Argument<JsonNode> MODEL = Argument.json("model");
  static final Argument<JsonNode> DATASET = Argument.json("dataset");
  static final Argument<JsonNode> LOSS = Argument.json("loss");
  static final Argument<JsonNode> OPTIMIZER = Argument.json("optimizer");
  static final Argument<JsonNode> SCHEDULER = Argument.json("scheduler").optional();
  private static final Argument<String> NAME = Names.ARGUMENT.optional();
  private static final Argument<Integer> EPOCHS =
      Argument.integer("epochs").atLeast(1).atMost(100_000_000);
  private static final Argument<Integer> BATCH_SIZE =
      Argument.integer("batch_size").atLeast(1).optional();
  private static final Argument<Boolean> SHUFFLE = Argument.flag("shuffle").orElse(false);
  // Up to 2^53 - 1, so that every client reads back the number it sent.
  private static final Argument<Long> SEED =
      Argument.longInteger("seed").atLeast(0).atMost(9007199254740991L).optional();
  private static final Argument<JsonNode> VALIDATION = Argument.json("validation").optional();
  private static final Argument<Double> FRACTION = Argument.number("fraction").above(0).below(1);
  private static final Argument<List<String>> METRICS = Argument.texts("metrics").orElse(List.of());
  private static final Argument<JsonNode> EARLY_STOPPING =
      Argument.json("early_stopping").optional();
  private static final Argument<String> MONITOR =
      Argument.oneOf("monitor", "validation_loss", "train_loss").orElse("validation_loss");
  private static final Argument<Integer> PATIENCE = Argument.integer("patience").atLeast(0);
  private static final Argument<Double> MIN_DELTA =
      Argument.number("min_delta").atLeast(0).orElse(0.0);
  private static final Argument<Boolean> RESTORE_BEST = Argument.flag("restore_best").orElse(false);
  private static final Argument<JsonNode> CLIPPING = Argument.json("gradient_clipping").optional();
  private static final Argument<Double> MAX_NORM = Argument.number("max_norm").above(0).optional();
  private static final Argument<Double> CLIP_VALUE =
      Argument.number("clip_value").above(0).optional();
  private static final Argument<JsonNode> CHECKPOINT = Argument.json("checkpoint").optional();
  private static final Argument<Integer> EVERY_EPOCHS =
      Argument.integer("every_epochs").atLeast(1).optional();
  private static final Argument<Double> EVERY_SECONDS =
      Argument.number("every_seconds").atLeast(1).optional();
  private static final Argument<Integer> KEEP =
      Argument.integer("keep").atLeast(1).orElse(KEPT_CHECKPOINTS);
  private static final Argument<String> DEVICE =
      Argument.text("device")
          .matching(d -> d.matches("auto|cpu|cuda(:\\d{1,3})?"), "auto, cpu, cuda or cuda:N")
          .orElse("auto");
  private static final Argument<Integer> PRIORITY =
      Argument.integer("priority").atLeast(-1000).atMost(1000).orElse(0);
  private static final Argument<Double> MAX_RUNTIME =
      Argument.number("max_runtime_seconds").above(0).optional();
  private static final Argument<JsonNode> TAGS = Argument.json("tags").optional();
  private static final int MAX_TAGS = 32;

  static final List<Argument<?>> MEMBERS =
      List.of(
          NAME,
          MODEL,
          DATASET,
          LOSS,
          OPTIMIZER,
          SCHEDULER,
          EPOCHS,
          BATCH_SIZE,
          SHUFFLE,
          SEED,
          VALIDATION,
          METRICS,
          EARLY_STOPPING,
          CLIPPING,
          CHECKPOINT,
          DEVICE,
          PRIORITY,
          MAX_RUNTIME,
          TAGS);

  JobOptions within(double seconds) {
    return new JobOptions(
        name,
        epochs,
        batchSize,
        shuffle,
        seed,
        validationFraction,
        metrics,
        earlyStopping,
        gradientClipping,
        checkpointing,
        device,
        priority,
        (Double) seconds,
        tags);
  }

  static @Nullable JobOptions read(Arguments members, Errors errors) {
    int before = errors.size();
    Long seed = members.find(SEED);
    JobOptions options =
        new JobOptions(
            members.find(NAME),
            members.get(EPOCHS),
            members.find(BATCH_SIZE),
            members.get(SHUFFLE),
            seed != null ? seed : ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE),
            fraction(members.find(VALIDATION), errors),
            metrics(members.get(METRICS), errors),
            earlyStopping(members.find(EARLY_STOPPING), errors),
            clipping(members.find(CLIPPING), errors),
            checkpointing(members.find(CHECKPOINT), errors),
            members.get(DEVICE),
            members.get(PRIORITY),
            members.find(MAX_RUNTIME),
            tags(members.find(TAGS), errors));
    return errors.size() == before ? options : null;
  }

  /** Checks what depends on the dataset and on other members. */
  void check(DatasetShape shape, Target target, Errors errors) {
    if (!JobDocument.Split.of(shape.rows(), validationFraction).valid()) {
      errors.add(
          "/validation/fraction", "leaves none of the " + shape.rows() + " rows to train on");
    }
    if (earlyStopping != null
        && earlyStopping.monitor().equals("validation_loss")
        && validationFraction == 0) {
      errors.add("/early_stopping/monitor", "validation_loss needs a validation split");
    }
    if (metrics.contains("accuracy") && !(target instanceof Target.Classes)) {
      errors.add("/metrics/" + metrics.indexOf("accuracy"), "accuracy needs a target of classes");
    }
  }

  private static double fraction(@Nullable JsonNode node, Errors errors) {
    Arguments members = nested(node, VALIDATION, errors, FRACTION);
    return members == null ? 0 : members.get(FRACTION);
  }

  private static List<String> metrics(List<String> names, Errors errors) {
    for (int i = 0; i < names.size(); i++) {
      if (!JobDocument.METRICS.contains(names.get(i))) {
        String known = String.join(", ", JobDocument.METRICS);
        errors.add("/metrics/" + i, "unknown metric; the metrics are " + known);
      }
    }
    return names.stream().distinct().toList();
  }

  private static @Nullable EarlyStopping earlyStopping(@Nullable JsonNode node, Errors errors) {
    Arguments m = nested(node, EARLY_STOPPING, errors, MONITOR, PATIENCE, MIN_DELTA, RESTORE_BEST);
    return m == null
        ? null
        : new EarlyStopping(m.get(MONITOR), m.get(PATIENCE), m.get(MIN_DELTA), m.get(RESTORE_BEST));
  }

  private static @Nullable GradientClipping clipping(@Nullable JsonNode node, Errors errors) {
    Arguments members = nested(node, CLIPPING, errors, MAX_NORM, CLIP_VALUE);
    if (members == null) {
      return null;
    }
    GradientClipping clipping =
        new GradientClipping(members.find(MAX_NORM), members.find(CLIP_VALUE));
    if ((clipping.maxNorm() == null) == (clipping.clipValue() == null)) {
      errors.add("/gradient_clipping", "expected either max_norm or clip_value");
    }
    return clipping;
  }

  private static Checkpointing checkpointing(@Nullable JsonNode node, Errors errors) {
    Arguments members = nested(node, CHECKPOINT, errors, EVERY_EPOCHS, EVERY_SECONDS, KEEP);
    return members == null
        ? Checkpointing.of(null, null, KEPT_CHECKPOINTS)
        : Checkpointing.of(
            members.find(EVERY_EPOCHS), members.find(EVERY_SECONDS), members.get(KEEP));
  }

  private static Map<String, String> tags(@Nullable JsonNode node, Errors errors) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (node == null) {
      return tags;
    }
    if (!node.isObject() || node.size() > MAX_TAGS) {
      errors.add("/tags", "expected an object of up to " + MAX_TAGS + " texts");
      return tags;
    }
    for (Map.Entry<String, JsonNode> tag : node.properties()) {
      JsonNode value = tag.getValue();
      if (!Names.isName(tag.getKey())) {
        errors.add(Json.pointer("/tags", tag.getKey()), "the tag's name is not a name");
      } else if (!value.isString() || value.stringValue().length() > 200) {
        errors.add(Json.pointer("/tags", tag.getKey()), "expected a text of up to 200 characters");
      } else {
        tags.put(tag.getKey(), value.stringValue());
      }
    }
    return tags;
  }

  private static @Nullable Arguments nested(
      @Nullable JsonNode node, Argument<JsonNode> parent, Errors errors, Argument<?>... members) {
    return node == null
        ? null
        : Arguments.read(node, "/" + parent.name(), errors, List.of(members));
  }
}
