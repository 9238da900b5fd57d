package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
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
  private final List<@Nullable Map<String, Integer>> features = new ArrayList<>();
  private final List<Integer> widths = new ArrayList<>();

  private CsvTable(CsvDescriptor descriptor, CsvColumns columns) {
    this.descriptor = descriptor;
    this.columns = columns;
    this.rows = Math.toIntExact(descriptor.profile().rows());
    for (int column : columns.features()) {
      ColumnProfile profile = descriptor.profile().columns().get(column);
      features.add(profile.classes() == null ? null : indices(profile.classes()));
      widths.add(profile.width());
    }
  }

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
        throw changed("its columns are others");
      }
      CsvColumns columns = CsvColumns.find(descriptor.spec(), source.header());
      return new CsvTable(descriptor, columns).read(source, target);
    }
  }

  private TableData read(CsvRows source, Target target) throws IOException {
    boolean asClasses = target instanceof Target.Classes;
    Map<String, Integer> labels = labels(target);
    FloatBuffer inputs = floats((long) rows * descriptor.profile().width());
    FloatBuffer values = asClasses ? null : floats(rows);
    LongBuffer classes = asClasses ? bytes((long) rows * Long.BYTES).asLongBuffer() : null;
    int row = 0;
    while (source.next()) {
      if (++row > rows) {
        throw changed("it has more than " + rows + " rows");
      }
      for (int i = 0; i < features.size(); i++) {
        putFeature(source, i, inputs);
      }
      if (classes != null) {
        classes.put(label(source, labels));
      } else if (values != null) {
        values.put(number(source, columns.target()));
      }
    }
    if (row < rows) {
      throw changed("it has " + row + " rows, not " + rows);
    }
    DatasetShape shape = new DatasetShape(rows, descriptor.shape().input(), target);
    return new TableData(
        shape,
        inputs.flip(),
        values == null ? null : values.flip(),
        classes == null ? null : classes.flip(),
        descriptor.spec().normalize());
  }

  private void putFeature(CsvRows source, int feature, FloatBuffer to) {
    int column = columns.features().get(feature);
    Map<String, Integer> indices = features.get(feature);
    if (indices == null) {
      to.put(number(source, column));
      return;
    }
    Integer index = indices.get(source.cell(column));
    if (index == null) {
      throw unknownClass(source, column);
    }
    // A fresh buffer is zero everywhere, so only the 1 is written.
    to.put(to.position() + index, 1f);
    to.position(to.position() + widths.get(feature));
  }

  private float number(CsvRows source, int column) {
    String text = source.cell(column);
    Cell.Kind kind = Cell.kind(text);
    if (!kind.finite()) {
      throw CsvRows.refused(Cell.refusal(source.line(), columns.header().get(column), kind, text));
    }
    return (float) Double.parseDouble(text);
  }

  private long label(CsvRows source, Map<String, Integer> labels) {
    String text = source.cell(columns.target());
    Integer index = labels.get(canonical(text));
    if (index == null) {
      throw unknownClass(source, columns.target());
    }
    return index;
  }

  /** What stands for a class in the map: of whole numbers "+07" is "7". */
  private String canonical(String text) {
    boolean whole = descriptor.profile().target() instanceof Target.Integers;
    return whole && Cell.kind(text) == Cell.Kind.INTEGER ? Long.valueOf(text).toString() : text;
  }

  private Problem unknownClass(CsvRows source, int column) {
    return changed(
        "line "
            + source.line()
            + ", column "
            + Cell.show(columns.header().get(column))
            + " has the new class "
            + Cell.show(source.cell(column)));
  }

  private static Problem changed(String how) {
    return CsvRows.refused("the file is not the one that was profiled: " + how);
  }

  /** The classes' indices; empty for values. */
  private Map<String, Integer> labels(Target seen) {
    Target target = descriptor.profile().target();
    if (seen instanceof Target.Classes && target instanceof Target.Classes classes) {
      return indices(classes.labels());
    }
    if (seen instanceof Target.Classes && target instanceof Target.Integers integers) {
      return indices(integers.distinct().stream().map(String::valueOf).toList());
    }
    boolean number = target instanceof Target.Values || target instanceof Target.Integers;
    if (seen instanceof Target.Values values && number && values.shape().elements() == 1) {
      return Map.of();
    }
    throw new IllegalArgumentException("a target of " + target + " cannot be seen as " + seen);
  }

  private static Map<String, Integer> indices(List<String> labels) {
    Map<String, Integer> indices = new HashMap<>();
    labels.forEach(label -> indices.put(label, indices.size()));
    return indices;
  }

  private static FloatBuffer floats(long count) {
    return bytes(count * Float.BYTES).asFloatBuffer();
  }

  private static ByteBuffer bytes(long count) {
    return ByteBuffer.allocateDirect(Math.toIntExact(count)).order(ByteOrder.nativeOrder());
  }
}
