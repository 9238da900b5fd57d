package io.trainyard.models;

import io.trainyard.shared.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shapes, parameters and bytes of a model and of each of its layers.
 *
 * @param inputShape of one input, without the batch; null where the model leaves it open
 * @param bytes what the parameters take in float32
 */
public record ModelSummary(
    @Nullable Shape inputShape,
    @Nullable Shape outputShape,
    long parameters,
    long bytes,
    List<Row> layers) {

  /** One layer's line. */
  public record Row(
      int index,
      String type,
      @Nullable Shape inputShape,
      @Nullable Shape outputShape,
      long parameters,
      long bytes) {

    static Row of(
        int index, String type, Layer layer, @Nullable Shape input, @Nullable Shape output) {
      long parameters = layer.parameters().stream().mapToLong(p -> p.shape().elements()).sum();
      return new Row(index, type, input, output, parameters, parameters * Float.BYTES);
    }
  }

  static ModelSummary of(@Nullable Shape input, @Nullable Shape output, List<Row> rows) {
    long parameters = rows.stream().mapToLong(Row::parameters).sum();
    return new ModelSummary(input, output, parameters, parameters * Float.BYTES, rows);
  }
}
