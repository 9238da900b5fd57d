package io.trainyard.datasets;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Names;
import io.trainyard.shared.Shape;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A synthetic dataset as a document describes it, posted or inline in a job: {@code {"type":
 * "synthetic", "seed": 0, "samples": 100, "input_shape": [1000], "target_shape": [10]}}, or {@code
 * "classes": 10} in place of {@code target_shape}.
 */
public record SyntheticDocument(@Nullable String name, SyntheticSpec spec) {
  private static final Argument<String> TYPE = Argument.oneOf("type", "synthetic");
  private static final Argument<String> NAME = Names.ARGUMENT.optional();
  private static final Argument<Long> SEED = Argument.longInteger("seed").orElse(0L);
  private static final Argument<Integer> SAMPLES = Argument.integer("samples").atLeast(1);
  private static final Argument<List<Integer>> INPUT_SHAPE =
      Argument.integers("input_shape").atLeast(1);
  private static final Argument<List<Integer>> TARGET_SHAPE =
      Argument.integers("target_shape").atLeast(1).optional();
  private static final Argument<Integer> CLASSES =
      Argument.integer("classes").atLeast(1).optional();
  private static final Argument<String> TARGET_RANGE =
      Argument.oneOf("target_range", "unit").optional();

  /**
   * Reads a document; what is wrong with it goes to {@code errors}.
   *
   * @return the document, or null if there were errors
   */
  public static @Nullable SyntheticDocument read(JsonNode node, String pointer, Errors errors) {
    Arguments members =
        Arguments.read(
            node,
            pointer,
            errors,
            List.of(TYPE, NAME, SEED, SAMPLES, INPUT_SHAPE, TARGET_SHAPE, CLASSES, TARGET_RANGE));
    if (members == null) {
      return null;
    }
    int before = errors.size();
    Shape input = new Shape(members.get(INPUT_SHAPE));
    Target target = target(members, pointer, errors);
    boolean unitRange = members.find(TARGET_RANGE) != null;
    if (unitRange && target instanceof Target.Classes) {
      errors.add(pointer + "/target_range", "only values have a range, not classes");
    }
    int samples = members.get(SAMPLES);
    bound(samples, input, pointer + "/input_shape", errors);
    if (target instanceof Target.Values values) {
      bound(samples, values.shape(), pointer + "/target_shape", errors);
    }
    if (target == null || errors.size() > before) {
      return null;
    }
    SyntheticSpec spec = new SyntheticSpec(members.get(SEED), samples, input, target, unitRange);
    return new SyntheticDocument(members.find(NAME), spec);
  }

  /** The document again, with its defaults filled in. */
  public ObjectNode write() {
    ObjectNode document = Json.object().put("type", "synthetic");
    if (name != null) {
      document.put("name", name);
    }
    document.put("seed", spec.seed()).put("samples", spec.samples());
    document.set("input_shape", Json.tree(spec.input()));
    if (spec.target() instanceof Target.Classes classes) {
      document.put("classes", classes.count());
    } else if (spec.target() instanceof Target.Values values) {
      document.set("target_shape", Json.tree(values.shape()));
    }
    if (spec.unitRange()) {
      document.put("target_range", "unit");
    }
    return document;
  }

  private static @Nullable Target target(Arguments members, String pointer, Errors errors) {
    List<Integer> shape = members.find(TARGET_SHAPE);
    Integer classes = members.find(CLASSES);
    if ((shape == null) == (classes == null)) {
      errors.add(
          pointer, "give exactly one of target_shape (values to predict) and classes (a number)");
      return null;
    }
    return classes != null
        ? new Target.Classes(classes, List.of())
        : new Target.Values(new Shape(Objects.requireNonNull(shape)));
  }

  private static void bound(int samples, Shape shape, String place, Errors errors) {
    long elements;
    try {
      elements = Math.multiplyExact(samples, shape.elements());
    } catch (ArithmeticException e) {
      elements = Long.MAX_VALUE;
    }
    if (shape.rank() == 0) {
      errors.add(place, "needs at least one dimension");
    } else if (elements > Limits.ELEMENTS) {
      errors.add(
          place,
          samples + " samples of " + shape + " are more than " + Limits.ELEMENTS + " numbers");
    }
  }
}
