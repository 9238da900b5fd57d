package io.trainyard.exports;

import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.SafetensorsHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** Those of these names, in the file's order. */
  TensorFile only(Set<String> names) {
    Map<String, Tensor> chosen = new LinkedHashMap<>(tensors);
    chosen.keySet().retainAll(names);
    return new TensorFile(chosen);
  }

  /** Writes a file in safetensors format; the stream stays open. */
  void write(OutputStream out) throws IOException {
    SafetensorsHeader header = new SafetensorsHeader();
    tensors.forEach(
        (name, tensor) ->
            header.add(name, tensor.dtype(), tensor.sizes(), tensor.bytes().remaining()));
    out.write(header.bytes());
    WritableByteChannel channel = Channels.newChannel(out);
    for (Tensor tensor : tensors.values()) {
      channel.write(tensor.bytes().duplicate());
    }
  }

  Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("the model's file has no " + name);
    }
    return tensor;
  }
}
