package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a profiled CSV file into memory for training. A number becomes one input; a category is
 * one-hot encoded: one input for each of its classes in sorted order (by UTF-16 code units), 1 for
 * the row's own and 0 for the others, an empty cell being a class of its own.
 */
public final class CsvTable {
  private final CsvDescriptor descriptor;
  private final CsvColumns columns;
  private final int rows;
  private final List<Feature> features = new ArrayList<>();
  private final float[] inputs;

  private CsvTable(CsvDescriptor descriptor, CsvColumns columns) {
    this.descriptor = descriptor;
    this.columns = columns;
    this.rows = Math.toIntExact(descriptor.profile().rows());
    for (int column : columns.features()) {
      ColumnProfile profile = descriptor.profile().columns().get(column);
      List<String> classes = profile.classes();
      Map<String, Integer> indices = classes == null ? null : indices(classes);
      features.add(new Feature(column, profile.width(), indices));
    }
    this.inputs = new float[descriptor.profile().width()];
  }

  /**
   * A column of inputs.
   *
   * @param indices of a category's classes; null for numbers
   */
  private record Feature(int column, int width, @Nullable Map<String, Integer> indices) {}

  /**
   * Reads all rows.
   *
   * @param in the file as it was uploaded; closed at the end
   * @param target how the loss sees the target: classes for a target of texts, classes (whole
   *     numbers in ascending order) or values of shape [1] for whole numbers, values for other
   *     numbers
   * @throws Problem if the file is not the one that was profiled
   * @throws IllegalArgumentException if the column cannot be seen like that
   */
  public static TableData read(InputStream in, CsvDescriptor descriptor, Target target)
      throws IOException {
    try (CsvRows source = CsvRows.open(in)) {
      List<String> profiled =
          descriptor.profile().columns().stream().map(ColumnProfile::name).toList();
      if (!profiled.equals(source.header())) {
        throw FileRefusal.changed("its columns are others");
      }
      CsvColumns columns = CsvColumns.find(descriptor.spec(), source.header());
      return new CsvTable(descriptor, columns).read(source, target);
    }
  }

  private TableData read(CsvRows source, Target target) throws IOException {
    boolean asClasses = target instanceof Target.Classes;
    Map<Object, Integer> labels = labels(target);
    ByteBuffer table = DirectMemory.bytes((long) rows * inputs.length * Float.BYTES);
    FloatBuffer to = table.asFloatBuffer();
    FloatBuffer values =
        asClasses ? null : DirectMemory.bytes((long) rows * Float.BYTES).asFloatBuffer();
    LongBuffer classes =
        asClasses ? DirectMemory.bytes((long) rows * Long.BYTES).asLongBuffer() : null;
    int row = 0;
    while (source.next()) {
      if (++row > rows) {
        throw FileRefusal.changed("it has more than " + rows + " rows");
      }
      CsvRow cells = source.row();
      readInputs(cells);
      to.put(inputs);
      if (classes != null) {
        classes.put(label(cells, labels));
      } else if (values != null) {
        values.put(number(cells, columns.target()));
      }
    }
    if (row < rows) {
      throw FileRefusal.changed("it has " + row + " rows, not " + rows);
    }
    DatasetShape shape = new DatasetShape(rows, descriptor.shape().input(), target);
    return new TableData(
        shape,
        table,
        values == null ? null : values.flip(),
        classes == null ? null : classes.flip(),
        descriptor.spec().normalize());
  }

  private void readInputs(CsvRow row) {
    int at = 0;
    for (Feature feature : features) {
      Map<String, Integer> indices = feature.indices();
      if (indices == null) {
        inputs[at] = number(row, feature.column());
      } else {
        Integer index = indices.get(row.text(feature.column()));
        if (index == null) {
          throw unknownClass(row, feature.column());
        }
        Arrays.fill(inputs, at, at + feature.width(), 0f);
        inputs[at + index] = 1f;
      }
      at += feature.width();
    }
  }

  private float number(CsvRow row, int column) {
    Cell.Kind kind = row.read(column);
    if (!kind.finite()) {
      throw FileRefusal.of(
          Cell.refusal(row.line(), columns.header().get(column), kind, row.text(column)));
    }
    return (float) row.number().value();
  }

  private long label(CsvRow row, Map<Object, Integer> labels) {
    int column = columns.target();
    boolean whole = descriptor.profile().target() instanceof Target.Integers;
    Object label =
        whole && row.read(column) == Cell.Kind.INTEGER
            ? (Object) row.number().whole()
            : row.text(column);
    Integer index = labels.get(label);
    if (index == null) {
      throw unknownClass(row, column);
    }
    return index;
  }

  private Problem unknownClass(CsvRow row, int column) {
    return FileRefusal.changed(
        "line "
            + row.line()
            + ", column "
            + Cell.show(columns.header().get(column))
            + " has the new class "
            + Cell.show(row.text(column)));
  }

  /** The indices of the classes, which are texts or whole numbers; empty for values. */
  private Map<Object, Integer> labels(Target seen) {
    Target target = descriptor.profile().target();
    if (seen instanceof Target.Classes && target instanceof Target.Classes classes) {
      return Map.copyOf(indices(classes.labels()));
    }
    if (seen instanceof Target.Classes && target instanceof Target.Integers integers) {
      return Map.copyOf(indices(integers.distinct()));
    }
    boolean number = target instanceof Target.Values || target instanceof Target.Integers;
    if (seen instanceof Target.Values values && number && values.shape().elements() == 1) {
      return Map.of();
    }
    throw new IllegalArgumentException("a target of " + target + " cannot be seen as " + seen);
  }

  static <T> Map<T, Integer> indices(List<T> labels) {
    Map<T, Integer> indices = new HashMap<>();
    labels.forEach(label -> indices.put(label, indices.size()));
    return indices;
  }
}
