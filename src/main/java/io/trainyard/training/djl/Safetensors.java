package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * The safetensors format: the header's length (8 bytes, little endian), the header in JSON, the
 * arrays one after another.
 */
final class Safetensors {
  private static final int ALIGNMENT = 8;

  /** Arrays are written in pieces, so that they need no room in the Java heap. */
  private static final int PIECE = 1 << 16;

  private Safetensors() {}

  static void write(Map<String, NDArray> arrays, OutputStream out) throws IOException {
    ObjectNode header = Json.object();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      NDArray array = entry.getValue();
      ObjectNode place = header.putObject(entry.getKey()).put("dtype", type(array.getDataType()));
      for (long size : array.getShape().getShape()) {
        place.withArray("shape").add(size);
      }
      place.withArray("shape");
      long end = offset + array.size() * array.getDataType().getNumOfBytes();
      place.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String text = header.toString();
    text += " ".repeat(Math.floorMod(-text.length(), ALIGNMENT));
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(json.length).array());
    out.write(json);
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
