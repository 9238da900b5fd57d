package io.trainyard.serving;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request of the Open Inference Protocol for a model with one input.
 *
 * @param id to be given back; null for none
 * @param rows of the input
 * @param data the input's numbers, nested or flat
 * @param outputs the names of those that are wanted
 */
record InferenceRequest(@Nullable String id, int rows, JsonNode data, List<String> outputs) {
  static final String INPUT = "input";
  private static final String DATA_PLACE = "/inputs/0/data";

  private static final Argument<String> ID = Argument.text("id").optional();
  private static final Argument<JsonNode> PARAMETERS = Argument.json("parameters").optional();
  private static final Argument<JsonNode> INPUTS = Argument.json("inputs");
  private static final Argument<JsonNode> OUTPUTS = Argument.json("outputs").optional();
  private static final Argument<String> NAME =
      Argument.text("name").matching(INPUT::equals, "\"input\", the only input there is");
  private static final Argument<List<Integer>> SHAPE = Argument.integers("shape").atLeast(0);
  private static final Argument<String> DATATYPE =
      Argument.oneOf("datatype", "FP32", "FP64", "INT32", "INT64");
  private static final Argument<JsonNode> DATA = Argument.json("data");
  private static final Argument<String> OUTPUT_NAME = Argument.text("name");

  /**
   * Reads a request.
   *
   * @param offered the names of the model's outputs
   * @throws io.trainyard.shared.Problem of kind INVALID with a pointer for what is wrong
   */
  static InferenceRequest read(JsonNode document, ServedModel model, List<String> offered) {
    Errors errors = new Errors();
    Arguments members =
        Arguments.read(document, "", errors, List.of(ID, PARAMETERS, INPUTS, OUTPUTS));
    errors.throwIfAny();
    JsonNode inputs = Objects.requireNonNull(members).get(INPUTS);
    if (!inputs.isArray() || inputs.size() != 1) {
      errors.add("/inputs", "expected an array of one tensor");
      errors.throwIfAny();
    }
    List<String> outputs = outputs(members.find(OUTPUTS), offered, errors);
    Arguments tensor =
        Arguments.read(
            inputs.get(0), "/inputs/0", errors, List.of(NAME, SHAPE, DATATYPE, PARAMETERS, DATA));
    errors.throwIfAny();
    List<Integer> shape = Objects.requireNonNull(tensor).get(SHAPE);
    if (!fits(shape, model)) {
      errors.add(
          "/inputs/0/shape",
          "expected %s with the number of rows in place of -1, got %s"
              .formatted(withBatch(model.card().inputShape().dimensions()), shape));
      errors.throwIfAny();
    }
    return new InferenceRequest(members.find(ID), shape.get(0), tensor.get(DATA), outputs);
  }

  private static List<String> outputs(
      @Nullable JsonNode wanted, List<String> offered, Errors errors) {
    if (wanted == null || (wanted.isArray() && wanted.isEmpty())) {
      return offered;
    }
    if (!wanted.isArray()) {
      errors.add("/outputs", "expected an array, got " + Json.describe(wanted));
      return offered;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      String place = Json.pointer("/outputs", i);
      Arguments output =
          Arguments.read(wanted.get(i), place, errors, List.of(OUTPUT_NAME, PARAMETERS));
      if (output != null) {
        String name = output.get(OUTPUT_NAME);
        if (!offered.contains(name)) {
          errors.add(place + "/name", "expected one of " + String.join(", ", offered));
        }
        names.add(name);
      }
    }
    return names;
  }

  /** Rows of the input's shape, or of as many numbers. */
  private static boolean fits(List<Integer> shape, ServedModel model) {
    List<Integer> input = model.card().inputShape().dimensions();
    return !shape.isEmpty()
        && shape.get(0) > 0
        && (shape.subList(1, shape.size()).equals(input)
            || (shape.size() == 2 && shape.get(1) == model.width()));
  }

  /** A shape with any number of rows before it. */
  static List<Integer> withBatch(List<Integer> shape) {
    List<Integer> whole = new ArrayList<>(List.of(-1));
    whole.addAll(shape);
    return whole;
  }

  /** The input as float32, little endian; of no use if there were errors. */
  ByteBuffer inputs(ServedModel model, Errors errors) {
    int expected = rows * model.width();
    ByteBuffer inputs = ByteBuffer.allocate(expected * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int count = fill(data, DATA_PLACE, inputs, errors);
    if (errors.isEmpty() && (count != expected || !data.isArray())) {
      errors.add(
          DATA_PLACE, "expected the %d numbers of the shape, got %d".formatted(expected, count));
    }
    return inputs.rewind();
  }

  /** Returns how many numbers there are. */
  private static int fill(JsonNode node, String pointer, ByteBuffer to, Errors errors) {
    if (!node.isArray()) {
      float value = node.isNumber() ? (float) node.asDouble(Double.NaN) : Float.NaN;
      if (!Float.isFinite(value)) {
        errors.add(pointer, "expected a finite float32 number, got " + Json.describe(node));
      } else if (to.hasRemaining()) {
        to.putFloat(value);
      }
      return 1;
    }
    int count = 0;
    for (int i = 0; i < node.size(); i++) {
      count += fill(node.get(i), Json.pointer(pointer, i), to, errors);
    }
    return count;
  }
}
