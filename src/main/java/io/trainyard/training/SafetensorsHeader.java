package io.trainyard.training;

import io.trainyard.shared.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a safetensors file begins with: the length of its description (8 bytes, little endian) and
 * the description in JSON. The arrays follow in the order in which they were added.
 */
public final class SafetensorsHeader {
  private static final int ALIGNMENT = 8;

  private final ObjectNode description = Json.object();
  private long offset;

  public SafetensorsHeader() {
    description.putObject("__metadata__").put("format", "pt");
  }

  /**
   * Adds an array.
   *
   * @param dtype as the format names it: "F32", "I64"
   */
  public void add(String name, String dtype, List<Long> shape, long bytes) {
    ObjectNode place = description.putObject(name).put("dtype", dtype);
    ArrayNode sizes = place.putArray("shape");
    shape.forEach(sizes::add);
    place.putArray("data_offsets").add(offset).add(offset + bytes);
    offset += bytes;
  }

  public byte[] bytes() {
    byte[] json = description.toString().getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-json.length, ALIGNMENT); // with spaces: so says the format
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + json.length + padding).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong((long) json.length + padding).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.array();
  }
}
