package io.trainyard.datasets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory, as read from a file and not yet normalised.
 *
 * @param shape rows, input and target; the target is never {@link Target.Integers} here
 * @param features direct, native order, so that torch can work on it as it is: rows × input
 *     elements of float32, row after row
 * @param values direct: rows × target elements, where the target is values, else null
 * @param classes direct: one class index a row, where the target is classes, else null
 */
public record TableData(
    DatasetShape shape,
    ByteBuffer features,
    @Nullable FloatBuffer values,
    @Nullable LongBuffer classes,
    Normalization normalization)
    implements DataSource {

  /** The features as numbers. */
  public FloatBuffer inputs() {
    return features.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
