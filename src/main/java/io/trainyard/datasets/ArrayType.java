package io.trainyard.datasets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of an array are written: NumPy's type strings of one letter for the kind and one
 * digit for the bytes, as {@code <f4}.
 *
 * @param kind b (bool), i, u or f
 * @param size in bytes
 */
record ArrayType(char kind, int size, ByteOrder order) {
  /** The type that a header names; null if it is not one of numbers that a training takes. */
  static @Nullable ArrayType of(String descr) {
    if (!descr.matches("[<>|=](b1|[iu][1248]|f[48])")) {
      return null;
    }
    // "=" is the order of the machine that wrote it: today's are little-endian.
    ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new ArrayType(descr.charAt(1), descr.charAt(2) - '0', order);
  }

  boolean whole() {
    return kind != 'f';
  }

  /** NumPy's name for it. */
  String dtype() {
    return switch (kind) {
      case 'b' -> "bool";
      case 'i' -> "int" + 8 * size;
      case 'u' -> "uint" + 8 * size;
      default -> "float" + 8 * size;
    };
  }

  /** The next number as float32, rounded once, as NumPy's {@code astype("float32")} does it. */
  float nextFloat(ByteBuffer from) {
    if (kind == 'f') {
      return size == 4 ? from.getFloat() : (float) from.getDouble();
    }
    long whole = nextLong(from);
    return kind == 'u' && whole < 0 ? unsigned(whole) : whole;
  }

  /** The next whole number; of uint64 beyond 2⁶³ it is negative. */
  long nextLong(ByteBuffer from) {
    if (kind == 'b') {
      return from.get() == 0 ? 0 : 1;
    }
    boolean signed = kind == 'i';
    return switch (size) {
      case 1 -> signed ? from.get() : Byte.toUnsignedLong(from.get());
      case 2 -> signed ? from.getShort() : Short.toUnsignedLong(from.getShort());
      case 4 -> signed ? from.getInt() : Integer.toUnsignedLong(from.getInt());
      default -> from.getLong();
    };
  }

  /** Halved with its last bit kept, so that it is rounded once, and doubled. */
  private static float unsigned(long beyond) {
    return 2 * (float) ((beyond >>> 1) | (beyond & 1));
  }
}
