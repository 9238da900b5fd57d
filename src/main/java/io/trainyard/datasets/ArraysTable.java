package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a profiled file of arrays into memory for training. */
public final class ArraysTable {
  private final ArraysDescriptor descriptor;
  private final Target target;
  private final ByteBuffer features;
  private final @Nullable FloatBuffer values;
  private final @Nullable LongBuffer classes;

  private ArraysTable(ArraysDescriptor descriptor, Target target) {
    this.descriptor = descriptor;
    this.target = target;
    ArraysProfile profile = descriptor.profile();
    boolean asClasses = target instanceof Target.Classes;
    if (asClasses && !(profile.target() instanceof Target.Integers)) {
      throw new IllegalArgumentException(
          "a target of " + profile.target() + " cannot be seen as " + target);
    }
    this.features = DirectMemory.bytes(profile.x().shape().elements() * Float.BYTES);
    long targets = profile.y().shape().elements();
    this.values = asClasses ? null : DirectMemory.bytes(targets * Float.BYTES).asFloatBuffer();
    this.classes = asClasses ? DirectMemory.bytes(targets * Long.BYTES).asLongBuffer() : null;
  }

  /**
   * Reads all rows.
   *
   * @param in the file as it was uploaded; closed at the end
   * @param target how the loss sees the target: whole numbers as classes, in ascending order, or as
   *     values
   * @throws Problem if the file is not the one that was profiled
   * @throws IllegalArgumentException if the target cannot be seen like that
   */
  public static TableData read(InputStream in, ArraysDescriptor descriptor, Target target)
      throws IOException {
    ArraysTable table = new ArraysTable(descriptor, target);
    descriptor.spec().each(in, Long.MAX_VALUE, table::take);
    return table.result();
  }

  private void take(ArrayReader array) throws IOException {
    ArraysProfile profile = descriptor.profile();
    boolean inputs = array.place().inputs();
    Shape shape = (inputs ? profile.x() : profile.y()).shape();
    if (!shape.equals(array.shape())) {
      throw FileRefusal.changed(array.place().name() + " has the shape " + array.shape());
    }
    if (inputs) {
      copy(array, features.asFloatBuffer());
    } else if (values != null) {
      copy(array, values);
    } else if (classes != null) {
      label(array, classes, ((Target.Integers) profile.target()));
    }
  }

  private static void copy(ArrayReader array, FloatBuffer to) throws IOException {
    for (int i = 0; i < to.capacity(); i++) {
      to.put(i, array.nextFloat());
    }
  }

  private static void label(ArrayReader array, LongBuffer to, Target.Integers known)
      throws IOException {
    Map<Long, Integer> indices = CsvTable.indices(known.distinct());
    for (int i = 0; i < to.capacity(); i++) {
      long label = array.nextLong();
      Integer index = indices.get(label);
      if (index == null) {
        throw FileRefusal.changed("y has the new class " + label);
      }
      to.put(i, index);
    }
  }

  private TableData result() {
    DatasetShape shape =
        new DatasetShape(descriptor.profile().x().rows(), descriptor.shape().input(), target);
    return new TableData(shape, features, values, classes, descriptor.spec().normalize());
  }
}
