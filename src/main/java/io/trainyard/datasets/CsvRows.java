package io.trainyard.datasets;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.trainyard.shared.Problem;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file (RFC 4180, UTF-8, plain or gzip) one by one. White space around a cell is
 * not part of it; empty lines are passed over. Every method throws a {@link Problem} with the place
 * {@link FileRefusal#FILE} if the file is at fault, an IOException if the reading is.
 */
final class CsvRows implements Closeable {
  private static final int BOM = 0xefbbbf;

  private final CsvReader<CsvRow> reader;
  private final CloseableIterator<CsvRow> records;
  private final List<String> header;
  private @Nullable CsvRow current;
  private long line;

  private CsvRows(CsvReader<CsvRow> reader) throws IOException {
    this.reader = reader;
    this.records = reader.iterator();
    CsvRow first = read();
    if (first == null) {
      throw FileRefusal.of("the file is empty");
    }
    this.header = first.texts();
    checkHeader(header);
  }

  /** Opens a file that was accepted before. */
  static CsvRows open(InputStream in) throws IOException {
    return open(in, DatasetBounds.WIDEST);
  }

  /** Opens a file and reads its header. The stream is closed with the rows, or on failure. */
  static CsvRows open(InputStream in, DatasetBounds bounds) throws IOException {
    try {
      InputStream bytes = Unpacked.of(in, bounds.unpacked());
      if (Unpacked.startsWith(bytes, BOM, 3)) {
        bytes.skipNBytes(3);
      }
      return new CsvRows(reader(bytes));
    } catch (IOException e) {
      in.close();
      throw translate(e, 0);
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static CsvReader<CsvRow> reader(InputStream in) {
    // A plain InputStreamReader would replace what is not UTF-8 instead of saying so.
    InputStreamReader text =
        new InputStreamReader(
            in,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    return CsvReader.builder()
        .maxBufferSize(Limits.ROW_LENGTH)
        .trimWhitespacesAroundQuotes(true)
        .allowUnclosedQuote(false)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .build(new CsvRow(), text);
  }

  private static void checkHeader(List<String> header) {
    String rule = "the first row must name the columns, but ";
    if (header.stream().allMatch(name -> Cell.kind(name).finite())) {
      throw FileRefusal.of(rule + "all its cells are numbers");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i);
      if (name.isEmpty()) {
        throw FileRefusal.of(rule + "its cell " + (i + 1) + " is empty");
      }
      if (name.length() > Limits.LABEL_LENGTH) {
        throw FileRefusal.of(
            rule + "its cell " + (i + 1) + " has more than " + Limits.LABEL_LENGTH + " characters");
      }
      if (!seen.add(name)) {
        throw FileRefusal.of(rule + Cell.show(name) + " is there twice");
      }
    }
  }

  List<String> header() {
    return header;
  }

  /** Goes to the next row. */
  boolean next() throws IOException {
    current = read();
    if (current == null) {
      return false;
    }
    if (current.count() != header.size()) {
      int cells = current.count();
      int last = Math.min(cells, header.size());
      throw FileRefusal.of(
          "line "
              + line
              + " has "
              + cells
              + " cells, the header "
              + header.size()
              + (cells < header.size()
                  ? ": column " + Cell.show(header.get(last)) + " is missing"
                  : ": there is more after column " + Cell.show(header.get(last - 1))));
    }
    return true;
  }

  /** The present row, until {@link #next} goes on. */
  CsvRow row() {
    if (current == null) {
      throw new IllegalStateException("there is no row");
    }
    return current;
  }

  private @Nullable CsvRow read() throws IOException {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CsvRow row = records.next();
      line = row.line();
      return row;
    } catch (UncheckedIOException e) {
      throw translate(Objects.requireNonNull(e.getCause()), line);
    } catch (CsvParseException e) {
      if (e.getCause() instanceof IOException failure) {
        throw translate(failure, line);
      }
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw FileRefusal.of("after line " + line + " the file is not CSV: " + why);
    }
  }

  /** Tells a file at fault, which becomes a problem, from a reading at fault. */
  private static IOException translate(IOException e, long line) {
    String after = line == 0 ? "" : " (after line " + line + ")";
    if (e instanceof CharacterCodingException) {
      throw FileRefusal.of("the file is not UTF-8 text" + after);
    }
    if (e instanceof EOFException) {
      throw FileRefusal.of("the gzip data ends too early" + after);
    }
    if (e instanceof BoundedStream.TooLongException) {
      throw FileRefusal.of("the file " + e.getMessage());
    }
    if (e instanceof ZipException) {
      throw FileRefusal.of("the gzip data is damaged" + after);
    }
    return e;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
