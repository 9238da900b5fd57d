package io.trainyard.datasets;

import org.jspecify.annotations.Nullable;

/** Gathers from a column's cells, in one pass and constant space, what its kind depends on. */
final class ColumnScan {

  /** A cell and its place, for an error. */
  record Found(long line, Cell.Kind kind, String text) {}

  private long numbers;
  private long finite;
  private long whole;
  private long texts;
  private double sum;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private @Nullable Found firstNotNumber;
  private @Nullable Found firstEmpty;

  /** Takes a row's cell in. */
  Cell.Kind add(CsvRow row, int column) {
    Cell.Kind kind = row.read(column);
    switch (kind) {
      case INTEGER, NUMBER -> {
        double value = row.number().value();
        numbers++;
        finite++;
        whole += kind == Cell.Kind.INTEGER ? 1 : 0;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
        return kind;
      }
      case NOT_FINITE -> numbers++;
      case TEXT -> texts++;
      case EMPTY -> {
        if (firstEmpty == null) {
          firstEmpty = new Found(row.line(), kind, "");
        }
      }
    }
    if (firstNotNumber == null) {
      String text = Cell.cut(row.text(column), Limits.PREVIEW_CELL_LENGTH);
      firstNotNumber = new Found(row.line(), kind, text);
    }
    return kind;
  }

  ColumnProfile.Kind kind() {
    if (numbers <= texts) {
      return ColumnProfile.Kind.CATEGORY;
    }
    return whole == numbers ? ColumnProfile.Kind.INTEGER : ColumnProfile.Kind.NUMERIC;
  }

  /** The first cell that a column of numbers must not have. */
  @Nullable Found firstNotNumber() {
    return firstNotNumber;
  }

  @Nullable Found firstEmpty() {
    return firstEmpty;
  }

  @Nullable Double min() {
    return finite == 0 ? null : (Double) min;
  }

  @Nullable Double max() {
    return finite == 0 ? null : (Double) max;
  }

  @Nullable Double mean() {
    return finite == 0 ? null : (Double) (sum / finite);
  }
}
