package io.trainyard.serving;

import io.trainyard.models.ModelDefinition;
import io.trainyard.models.ModelSummary;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import io.trainyard.training.ModelCard;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A trained model that can be predicted with.
 *
 * @param job that trained it
 * @param file of its tensors, among those of the job
 * @param key that no other state of any model has
 * @param epoch after which it was taken
 * @param outputs what they stand for
 * @param output the shape of one output
 * @param bytes of its tensors
 * @param rowBytes of the numbers on the way through it, for one row, at their most
 */
public record ServedModel(
    String job,
    String file,
    String key,
    int epoch,
    ModelCard card,
    Loss.Outputs outputs,
    Shape output,
    long bytes,
    long rowBytes) {

  static ServedModel of(
      String job, String file, String key, int epoch, ModelCard card, Loss.Outputs outputs) {
    ModelDefinition definition = card.definition();
    ModelSummary summary = card.summary(definition);
    long elements = definition.tensors().values().stream().mapToLong(Shape::elements).sum();
    long most =
        summary.layers().stream()
            .mapToLong(row -> elements(row.inputShape()) + elements(row.outputShape()))
            .max()
            .orElse(0);
    return new ServedModel(
        job,
        file,
        key,
        epoch,
        card,
        outputs,
        Objects.requireNonNull(summary.outputShape()),
        elements * Float.BYTES,
        most * Float.BYTES);
  }

  private static long elements(@Nullable Shape shape) {
    return shape == null ? 0 : shape.elements();
  }

  /** How many numbers are one input. */
  int width() {
    return Math.toIntExact(card.inputShape().elements());
  }
}
