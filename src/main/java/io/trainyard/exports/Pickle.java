package io.trainyard.exports;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes what a TorchScript archive keeps its module in: Python's pickle format, version 2. */
final class Pickle {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Pickle() {
    code("\u0080\u0002");
  }

  private void code(String latin1) {
    out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void global(String module, String name) {
    code("c" + module + "\n" + name + "\n");
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    code("X");
    little(Integer.BYTES, bytes.length);
    out.writeBytes(bytes);
  }

  private void whole(long value) {
    if (value == (int) value) {
      code("J");
      little(Integer.BYTES, value);
    } else {
      code("\u008a\b"); // a LONG1 of eight bytes
      little(Long.BYTES, value);
    }
  }

  private void little(int bytes, long value) {
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
  }

  private void wholes(List<Long> values) {
    code("(");
    values.forEach(this::whole);
    code("t");
  }

  /** Begins an object of a class of the archive; its attributes follow. */
  void object(String className) {
    global("__torch__", className);
    code(")\u0081}(");
  }

  /** Names the attribute whose value comes next. */
  void attribute(String name) {
    text(name);
  }

  void isFalse() {
    code("\u0089");
  }

  /** Ends an object. */
  void end() {
    code("ub");
  }

  /**
   * A tensor whose elements are in the archive's file {@code data/KEY}, row after row.
   *
   * @param storage torch's name of the file's type
   */
  void tensor(String storage, int key, List<Long> sizes, boolean learned) {
    long elements = sizes.stream().reduce(1L, Math::multiplyExact);
    global("torch._utils", "_rebuild_tensor_v2");
    code("((");
    text("storage");
    global("torch", storage);
    text(Integer.toString(key));
    text("cpu");
    whole(elements);
    code("tQ");
    whole(0);
    wholes(sizes);
    Long[] strides = new Long[sizes.size()];
    long step = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= sizes.get(i);
    }
    wholes(List.of(strides));
    code(learned ? "\u0088" : "\u0089");
    global("collections", "OrderedDict");
    code(")RtR");
  }

  byte[] bytes() {
    code(".");
    return out.toByteArray();
  }
}
