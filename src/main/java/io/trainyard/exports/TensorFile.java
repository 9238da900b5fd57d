package io.trainyard.exports;

import io.trainyard.training.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a safetensors file, as memory of the operating system's: a large model takes
 * nothing of the server's heap.
 */
record TensorFile(Map<String, Tensor> tensors) {
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
      try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
        return read(tensors);
      }
    } finally {
      Files.delete(file); // what is mapped stays until nobody refers to it
    }
  }

  private static TensorFile read(SafetensorsFile file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, SafetensorsFile.Entry> entry : file.entries().entrySet()) {
      String name = entry.getKey();
      SafetensorsFile.Entry place = entry.getValue();
      tensors.put(name, new Tensor(place.dtype(), place.shape(), file.bytes(name)));
    }
    return new TensorFile(tensors);
  }

  Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("the model's file has no " + name);
    }
    return tensor;
  }
}
