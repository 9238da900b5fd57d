package io.trainyard.exports;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of a safetensors file, as memory of the operating system's: a large model takes
 * nothing of the server's heap.
 */
record TensorFile(Map<String, Tensor> tensors) {
  static final String NAME = "model.safetensors";
  private static final int MAX_HEADER = 1 << 27;

  /**
   * One tensor.
   *
   * @param dtype safetensors' word: F32, I64
   * @param bytes the elements in row-major order, little-endian
   */
  record Tensor(String dtype, List<Long> sizes, ByteBuffer bytes) {
    long elements() {
      return sizes.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** Reads a file of the artifact store, wherever that keeps it. */
  static TensorFile read(InputStream in) throws IOException {
    Path file = Files.createTempFile("export", ".safetensors");
    try (in) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return read(channel);
      }
    } finally {
      Files.delete(file); // what is mapped stays until nobody refers to it
    }
  }

  private static TensorFile read(FileChannel channel) throws IOException {
    ByteBuffer length = map(channel, 0, Long.BYTES);
    long header = length.order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (header < 2 || header > MAX_HEADER) {
      throw new IOException("no safetensors file: its header would have " + header + " bytes");
    }
    byte[] json = new byte[(int) header];
    map(channel, Long.BYTES, header).get(json);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    JsonNode places = Json.MAPPER.readTree(new String(json, StandardCharsets.UTF_8));
    for (Map.Entry<String, JsonNode> entry : places.properties()) {
      if (!entry.getKey().startsWith("__")) {
        JsonNode place = entry.getValue();
        List<Long> sizes = new ArrayList<>();
        place.get("shape").forEach(size -> sizes.add(size.longValue()));
        long start = place.get("data_offsets").get(0).longValue();
        long end = place.get("data_offsets").get(1).longValue();
        tensors.put(
            entry.getKey(),
            new Tensor(
                place.get("dtype").stringValue(),
                List.copyOf(sizes),
                map(channel, Long.BYTES + header + start, end - start)));
      }
    }
    return new TensorFile(tensors);
  }

  private static ByteBuffer map(FileChannel channel, long start, long length) throws IOException {
    return channel.map(FileChannel.MapMode.READ_ONLY, start, length);
  }

  Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("the model's file has no " + name);
    }
    return tensor;
  }
}
