package io.trainyard.models;

import io.trainyard.shared.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Shapes, parameters and bytes of a model and of each of its layers.
 *
 * @param inputShape of one input, without the batch; null where the model leaves it open
 * @param bytes what the parameters take in float32
 * @param gradcheck of each layer with gradients of its own; null if it was not asked for
 */
public record ModelSummary(
    @Nullable Shape inputShape,
    @Nullable Shape outputShape,
    long parameters,
    long bytes,
    List<Row> layers,
    @Nullable List<LayerCheck> gradcheck) {

  /**
   * What was found of a layer's own gradients.
   *
   * @param inputs by name; null for one without a formula
   */
  public record LayerCheck(int layer, Map<String, Gradcheck.@Nullable Check> inputs) {}

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
      long parameters = sum(layer.parameters().stream().mapToLong(p -> p.shape().elements()));
      return new Row(index, type, input, output, parameters, inFloat32(parameters));
    }
  }

  static ModelSummary of(@Nullable Shape input, @Nullable Shape output, List<Row> rows) {
    long parameters = sum(rows.stream().mapToLong(Row::parameters));
    return new ModelSummary(input, output, parameters, inFloat32(parameters), rows, null);
  }

  /** Fails where a number is too large for a long, and would come out as a negative one. */
  private static long sum(LongStream parts) {
    return parts.reduce(0, Math::addExact);
  }

  private static long inFloat32(long parameters) {
    return Math.multiplyExact(parameters, Float.BYTES);
  }

  ModelSummary with(List<LayerCheck> checks) {
    return new ModelSummary(inputShape, outputShape, parameters, bytes, layers, checks);
  }
}
