package io.trainyard.serving;

import io.trainyard.datasets.Target;
import io.trainyard.shared.Json;
import io.trainyard.training.Loss.Outputs;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/**
 * What a model says of some rows.
 *
 * @param outputs of the model, row after row
 */
public record Predicted(ServedModel model, int rows, FloatBuffer outputs) {

  /** What a row's prediction is. */
  public enum Kind {
    /** One of some classes. */
    CLASS,
    /** For each output 1 or 0. */
    BINARY,
    /** The outputs. */
    VALUES
  }

  /** One output per class is one class; the loss tells of probabilities for themselves. */
  static Kind kind(ServedModel model) {
    if (model.outputs() == Outputs.BINARY_LOGITS
        || model.outputs() == Outputs.BINARY_PROBABILITIES) {
      return Kind.BINARY;
    }
    boolean classes =
        model.card().target() instanceof Target.Classes || model.outputs() == Outputs.LOGITS;
    return classes && model.output().rank() == 1 && model.output().size(0) > 1
        ? Kind.CLASS
        : Kind.VALUES;
  }

  public Kind kind() {
    return kind(model);
  }

  /** Whether there are probabilities: a loss of one's own says nothing of them. */
  static boolean hasProbabilities(ServedModel model) {
    return kind(model) == Kind.BINARY
        || (kind(model) == Kind.CLASS && model.outputs() != Outputs.VALUES);
  }

  /** The numbers of one row's outputs. */
  public int width() {
    return Math.toIntExact(model.output().elements());
  }

  /** The class of a row: the index of its largest output. */
  public int classOf(int row) {
    int width = width();
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (outputs.get(row * width + i) > outputs.get(row * width + best)) {
        best = i;
      }
    }
    return best;
  }

  /** Which of two a probability speaks for. */
  static int binary(float probability) {
    return probability >= 0.5f ? 1 : 0;
  }

  /** The names of the classes, in the order of their indices; empty if they have none. */
  static List<String> labels(ServedModel model) {
    return model.card().target() instanceof Target.Classes classes ? classes.labels() : List.of();
  }

  /** A class as it is called where it comes from: a text, a whole number, or its index. */
  public Object label(int index) {
    return label(model, index);
  }

  static Object label(ServedModel model, int index) {
    List<String> labels = labels(model);
    if (index >= labels.size()) {
      return index;
    }
    String label = labels.get(index);
    return Instances.wholeClasses(model.card()) ? (Object) Long.valueOf(label) : label;
  }

  /** Whether classes are called by texts. */
  static boolean textLabels(ServedModel model) {
    return !labels(model).isEmpty() && !Instances.wholeClasses(model.card());
  }

  /** All classes by their indices; null if the model does not tell classes. */
  public @Nullable List<Object> classes() {
    if (kind() != Kind.CLASS) {
      return null;
    }
    return IntStream.range(0, width()).mapToObj(this::label).toList();
  }

  /** For each output a probability, row after row; null if the loss does not tell. */
  public float @Nullable [] probabilities() {
    if (!hasProbabilities(model)) {
      return null;
    }
    float[] probabilities = new float[outputs.limit()];
    if (model.outputs() == Outputs.LOGITS) {
      for (int row = 0; row < rows; row++) {
        softmax(row * width(), width(), probabilities);
      }
      return probabilities;
    }
    for (int i = 0; i < probabilities.length; i++) {
      double output = outputs.get(i);
      probabilities[i] =
          (float)
              switch (model.outputs()) {
                case LOG_PROBABILITIES -> Math.exp(output);
                case BINARY_LOGITS -> 1 / (1 + Math.exp(-output));
                default -> output;
              };
    }
    return probabilities;
  }

  /** Each row's prediction as JSON: a class, or numbers in the shape of an output. */
  public ArrayNode predictions() {
    ArrayNode predictions = Json.MAPPER.createArrayNode();
    float[] probabilities = probabilities();
    FloatBuffer numbers = outputs.duplicate();
    if (kind() == Kind.BINARY && probabilities != null) {
      numbers = FloatBuffer.allocate(probabilities.length);
      for (float probability : probabilities) {
        numbers.put(binary(probability));
      }
      numbers.flip();
    }
    for (int row = 0; row < rows; row++) {
      predictions.add(
          kind() == Kind.CLASS
              ? Json.tree(label(classOf(row)))
              : Numbers.row(numbers, model.output()));
    }
    return predictions;
  }

  /**
   * Each row's probabilities as JSON, in the shape of an output; null if the loss does not tell.
   */
  public @Nullable ArrayNode probabilityRows() {
    float[] probabilities = probabilities();
    if (probabilities == null) {
      return null;
    }
    ArrayNode all = Json.MAPPER.createArrayNode();
    FloatBuffer numbers = FloatBuffer.wrap(probabilities);
    for (int row = 0; row < rows; row++) {
      all.add(Numbers.row(numbers, model.output()));
    }
    return all;
  }

  private void softmax(int from, int count, float[] to) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      most = Math.max(most, outputs.get(i));
    }
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.exp(outputs.get(i) - most);
    }
    for (int i = from; i < from + count; i++) {
      to[i] = (float) (Math.exp(outputs.get(i) - most) / sum);
    }
  }
}
