package io.trainyard.training;

import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A file in safetensors format, read with suspicion: what its header says is checked against the
 * format and the file's length before any of it is used.
 */
public final class SafetensorsFile implements Closeable {
  /** Bytes of an element. */
  private static final Map<String, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F32", 4),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("F64", 8));

  /** As long as the format's own reader takes. */
  private static final int LONGEST_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";

  /**
   * An array's place in the file.
   *
   * @param dtype as the format names it: "F32", "I64"
   * @param begin of its bytes, counted from the end of the header
   */
  public record Entry(String dtype, List<Long> shape, long begin, long end) {
    public Entry {
      shape = List.copyOf(shape);
    }
  }

  private final FileChannel file;
  private final long data;
  private final Map<String, Entry> entries;

  private SafetensorsFile(FileChannel file, long data, Map<String, Entry> entries) {
    this.file = file;
    this.data = data;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws IOException if it cannot be read, or is not of the format; the message says what is
   *     wrong
   */
  public static SafetensorsFile open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    try {
      long length = file.size();
      long header = length < Long.BYTES ? -1 : bytes(file, 0, Long.BYTES).getLong();
      if (header < 0 || header > length - Long.BYTES) {
        throw malformed("it is %d bytes long, too short for its header".formatted(length));
      }
      if (header > LONGEST_HEADER) {
        throw malformed("its header of %d bytes is too long".formatted(header));
      }
      byte[] text = new byte[(int) header];
      bytes(file, Long.BYTES, text.length).get(text);
      long data = Long.BYTES + header;
      Map<String, Entry> entries = entries(header(text));
      requireCovered(entries, length - data);
      return new SafetensorsFile(file, data, entries);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The arrays in the order of the header. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /**
   * An array's bytes in memory that is the file's own: direct, little endian, read-only.
   *
   * @throws IllegalArgumentException if there is no such array
   */
  public ByteBuffer bytes(String name) throws IOException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("there is no array " + name);
    }
    return file.map(FileChannel.MapMode.READ_ONLY, data + entry.begin, entry.end - entry.begin)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static JsonNode header(byte[] text) throws IOException {
    try {
      // The format pads a header with spaces, which JSON takes for nothing.
      JsonNode header = Json.read(text);
      if (header.isObject()) {
        return header;
      }
    } catch (Problem e) {
      throw malformed("its header is no JSON: %s".formatted(String.valueOf(e.getMessage())));
    }
    throw malformed("its header is no JSON object");
  }

  private static Map<String, Entry> entries(JsonNode header) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : header.properties()) {
      if (!member.getKey().equals(METADATA)) {
        entries.put(member.getKey(), entry(member.getKey(), member.getValue()));
      }
    }
    return entries;
  }

  private static Entry entry(String name, JsonNode node) throws IOException {
    String dtype = node.path("dtype").asString("");
    Integer width = WIDTHS.get(dtype);
    if (width == null) {
      throw malformed("array %s is of an unknown type '%s'".formatted(name, dtype));
    }
    List<Long> shape = numbers(node.path("shape"));
    List<Long> offsets = numbers(node.path("data_offsets"));
    Long bytes = shape == null ? null : product(shape, width);
    if (shape == null || bytes == null || offsets == null || offsets.size() != 2) {
      throw malformed("array %s has no proper shape and data_offsets".formatted(name));
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (end - begin != bytes) {
      throw malformed("array %s needs %d bytes and has %d".formatted(name, bytes, end - begin));
    }
    return new Entry(dtype, shape, begin, end);
  }

  /** Whole numbers of at least 0; null if the node is something else. */
  private static @Nullable List<Long> numbers(JsonNode node) {
    List<Long> numbers = new ArrayList<>();
    if (!node.isArray()) {
      return null;
    }
    for (JsonNode number : node) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        return null;
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }

  /** Null if it is no long. */
  private static @Nullable Long product(List<Long> shape, long width) {
    try {
      return shape.stream().reduce(width, Math::multiplyExact);
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** The arrays lie one after another, from the header's end to the file's: so says the format. */
  private static void requireCovered(Map<String, Entry> entries, long length) throws IOException {
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long end = 0;
    for (Map.Entry<String, Entry> next : inOrder) {
      if (next.getValue().begin() != end) {
        throw malformed(
            "array %s begins at %d, the one before ends at %d"
                .formatted(next.getKey(), next.getValue().begin(), end));
      }
      end = next.getValue().end();
    }
    if (end != length) {
      throw malformed("it has %d bytes of arrays, its header tells of %d".formatted(length, end));
    }
  }

  private static ByteBuffer bytes(FileChannel file, long position, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, position + buffer.position()) < 0) {
        throw malformed("it ends within its header");
      }
    }
    return buffer.flip();
  }

  private static IOException malformed(String what) {
    return new IOException("not a safetensors file: " + what);
  }
}
