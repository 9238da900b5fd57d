package io.trainyard.datasets;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The row that was read last. Its cells stand in one array that every row overwrites, because most
 * of them are numbers that nobody needs as a String.
 */
final class CsvRow extends AbstractBaseCsvCallbackHandler<CsvRow> {
  private final Cell cell = new Cell();
  private char[] text = new char[1024];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int count;

  @Override
  protected void handleBegin(long line) {
    count = 0;
  }

  @Override
  protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
    int from = offset;
    int to = offset + length;
    while (from < to && Character.isWhitespace(buffer[from])) {
      from++;
    }
    while (from < to && Character.isWhitespace(buffer[to - 1])) {
      to--;
    }
    int start = index == 0 ? 0 : ends[index - 1];
    int end = start + to - from;
    check(index, to - from, end);
    if (index == starts.length) {
      starts = Arrays.copyOf(starts, 2 * index);
      ends = Arrays.copyOf(ends, 2 * index);
    }
    if (end > text.length) {
      text = Arrays.copyOf(text, Math.max(end, 2 * text.length));
    }
    System.arraycopy(buffer, from, text, start, to - from);
    starts[index] = start;
    ends[index] = end;
    count = index + 1;
  }

  private void check(int index, int length, int rowLength) {
    if (index >= Limits.COLUMNS) {
      throw tooLarge("more than " + Limits.COLUMNS + " cells");
    }
    if (length > Limits.CELL_LENGTH) {
      throw tooLarge("a cell of more than " + Limits.CELL_LENGTH + " characters");
    }
    if (rowLength > Limits.ROW_LENGTH) {
      throw tooLarge("more than " + Limits.ROW_LENGTH + " characters");
    }
  }

  private CsvParseException tooLarge(String what) {
    return new CsvParseException("line " + getStartingLineNumber() + " has " + what);
  }

  @Override
  protected CsvRow buildRecord() {
    return this;
  }

  /** The line, from 1, on which the row starts. */
  long line() {
    return getStartingLineNumber();
  }

  int count() {
    return count;
  }

  String text(int column) {
    return new String(text, starts[column], ends[column] - starts[column]);
  }

  /** What a cell is; {@link #number} is its number then. */
  Cell.Kind read(int column) {
    return cell.read(text, starts[column], ends[column]);
  }

  /** The cell that was read last. */
  Cell number() {
    return cell;
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text(i));
    }
    return texts;
  }
}
