package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.trainyard.training.SafetensorsHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes torch's arrays in the safetensors format. */
final class Safetensors {
  /** Arrays are written in pieces, so that they need no room in the Java heap. */
  private static final int PIECE = 1 << 16;

  private Safetensors() {}

  static void write(Map<String, NDArray> arrays, OutputStream out) throws IOException {
    SafetensorsHeader header = new SafetensorsHeader();
    arrays.forEach(
        (name, array) -> {
          List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
          long bytes = array.size() * array.getDataType().getNumOfBytes();
          header.add(name, type(array.getDataType()), shape, bytes);
        });
    out.write(header.bytes());
    byte[] piece = new byte[PIECE];
    for (NDArray array : arrays.values()) {
      // The array's own memory if it lies in one piece.
      ByteBuffer bytes = array.toByteBuffer(true);
      while (bytes.hasRemaining()) {
        int count = Math.min(piece.length, bytes.remaining());
        bytes.get(piece, 0, count);
        out.write(piece, 0, count);
      }
    }
  }

  /** The format's name of a type. */
  static String type(DataType type) {
    return switch (type) {
      case FLOAT32 -> "F32";
      case INT64 -> "I64";
      default ->
          throw new IllegalArgumentException(
              type.name().toLowerCase(Locale.ROOT) + " has no place here");
    };
  }
}
