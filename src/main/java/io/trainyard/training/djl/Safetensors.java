package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
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

  private Safetensors() {}

  static void write(Map<String, NDArray> arrays, OutputStream out) throws IOException {
    ObjectNode header = Json.object();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      NDArray array = entry.getValue();
      ObjectNode place = header.putObject(entry.getKey()).put("dtype", type(array));
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
    for (NDArray array : arrays.values()) {
      out.write(array.toByteArray());
    }
  }

  private static String type(NDArray array) {
    return switch (array.getDataType()) {
      case FLOAT32 -> "F32";
      case INT64 -> "I64";
      default ->
          throw new IllegalArgumentException(
              array.getDataType().name().toLowerCase(Locale.ROOT) + " has no place here");
    };
  }
}
