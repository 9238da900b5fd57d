package io.trainyard.training;

import io.trainyard.expressions.DType;
import io.trainyard.expressions.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor's values outside the engine.
 *
 * @param sizes of its dimensions; none for a single number
 * @param bytes the elements in row-major order, as this machine keeps them in memory; one byte for
 *     a bool
 */
public record TensorData(DType dtype, List<Long> sizes, ByteBuffer bytes) {

  public TensorData {
    sizes = List.copyOf(sizes);
  }

  public static TensorData allocate(DType dtype, List<Long> sizes) {
    int elements = Math.toIntExact(sizes.stream().reduce(1L, Math::multiplyExact));
    return new TensorData(dtype, sizes, ByteBuffer.allocate(elements * width(dtype)));
  }

  public TensorType type() {
    return new TensorType(dtype, sizes);
  }

  public int elements() {
    return bytes.limit() / width(dtype);
  }

  /** A float, as a double; a whole number or a bool loses nothing but its kind. */
  public double number(int index) {
    return switch (dtype) {
      case FLOAT32 -> view().getFloat(index * Float.BYTES);
      case FLOAT64 -> view().getDouble(index * Double.BYTES);
      case INT64 -> view().getLong(index * Long.BYTES);
      case BOOL -> bytes.get(index);
    };
  }

  public long whole(int index) {
    return view().getLong(index * Long.BYTES);
  }

  public boolean flag(int index) {
    return bytes.get(index) != 0;
  }

  /** Sets an element of a float tensor. */
  public void set(int index, double value) {
    if (dtype == DType.FLOAT32) {
      view().putFloat(index * Float.BYTES, (float) value);
    } else {
      view().putDouble(index * Double.BYTES, value);
    }
  }

  /** Sets an element of a tensor of whole numbers. */
  public void set(int index, long value) {
    view().putLong(index * Long.BYTES, value);
  }

  /** Sets an element of a mask. */
  public void set(int index, boolean value) {
    bytes.put(index, (byte) (value ? 1 : 0));
  }

  /** A buffer's order is not part of its value: one that was sent has the default. */
  private ByteBuffer view() {
    return bytes.duplicate().order(ByteOrder.nativeOrder());
  }

  private static int width(DType dtype) {
    return switch (dtype) {
      case BOOL -> 1;
      case FLOAT32 -> Float.BYTES;
      case FLOAT64, INT64 -> Double.BYTES;
    };
  }
}
