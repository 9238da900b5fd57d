package io.trainyard.datasets;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory, as read from a file and not yet normalised.
 *
 * @param shape rows, input and target; the target is never {@link Target.Integers} here
 * @param features direct, native order: rows × input elements, row after row
 * @param values direct: rows × target elements, where the target is values, else null
 * @param classes direct: one class index a row, where the target is classes, else null
 */
public record TableData(
    DatasetShape shape,
    FloatBuffer features,
    @Nullable FloatBuffer values,
    @Nullable LongBuffer classes,
    Normalization normalization)
    implements DataSource {}
