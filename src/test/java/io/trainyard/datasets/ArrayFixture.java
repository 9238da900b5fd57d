package io.trainyard.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** NPZ and IDX files for tests, byte by byte. */
public final class ArrayFixture {
  private ArrayFixture() {}

  /** A file of arrays, in the order of the map. */
  public static byte[] npz(Map<String, byte[]> arrays) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** An array of float32. */
  public static byte[] floats(String shape, float... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    return npy("<f4", shape, data.array());
  }

  /** An array of int64. */
  public static byte[] longs(String shape, long... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      data.putLong(value);
    }
    return npy("<i8", shape, data.array());
  }

  /**
   * An array.
   *
   * @param shape as Python writes a tuple, such as {@code (3,)}
   */
  public static byte[] npy(String descr, String shape, byte[] data) {
    return npy(
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape), data);
  }

  static byte[] npy(String header, byte[] data) {
    String padded = header + " ".repeat(63 - (10 + header.length()) % 64) + "\n";
    return ByteBuffer.allocate(10 + padded.length() + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) padded.length())
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .array();
  }

  /** A file of the IDX format. */
  public static byte[] idx(int code, byte[] data, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * shape.length + data.length);
    bytes.put(new byte[] {0, 0, (byte) code, (byte) shape.length});
    for (int size : shape) {
      bytes.putInt(size);
    }
    return bytes.put(data).array();
  }

  static float[] numbers(FloatBuffer buffer) {
    float[] numbers = new float[buffer.capacity()];
    buffer.get(0, numbers);
    return numbers;
  }
}
