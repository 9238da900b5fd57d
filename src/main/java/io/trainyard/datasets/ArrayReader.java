package io.trainyard.datasets;

import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The numbers of one array of a file, one by one and row after row, as C has them. */
final class ArrayReader {
  private static final int BLOCK = 1 << 16;

  /** As many as NumPy 1 has. */
  private static final int MOST_DIMENSIONS = 32;

  private final ArrayPlace place;
  private final InputStream in;
  private final ArrayType type;
  private final Shape shape;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);

  /** Bytes that are not yet in the block. */
  private long left;

  private long taken;

  private ArrayReader(ArrayPlace place, InputStream in, ArrayType type, Shape shape) {
    this.place = place;
    this.in = in;
    this.type = type;
    this.shape = shape;
    this.left = shape.elements() * type.size();
    block.order(type.order());
  }

  /**
   * An array whose header was read.
   *
   * @param in at its first number; not closed, and read no further than to its last one
   * @throws Problem if there is no row, or more than a training takes
   */
  static ArrayReader of(ArrayPlace place, InputStream in, ArrayType type, Shape shape) {
    if (shape.rank() > MOST_DIMENSIONS) {
      throw place.refusal("has more than " + MOST_DIMENSIONS + " dimensions");
    }
    double numbers =
        shape.dimensions().stream().mapToDouble(size -> size).reduce(1, (a, b) -> a * b);
    if (shape.rank() == 0 || numbers == 0) {
      throw place.refusal("has no rows of numbers: its shape is " + shape);
    }
    if (numbers > Limits.ELEMENTS) {
      throw place.refusal(
          "has the shape %s: more than %d numbers, the most that fits a training"
              .formatted(shape, Limits.ELEMENTS));
    }
    return new ArrayReader(place, in, type, shape);
  }

  ArrayPlace place() {
    return place;
  }

  ArrayType type() {
    return type;
  }

  /** With the rows. */
  Shape shape() {
    return shape;
  }

  /** How many numbers a row has. */
  long width() {
    return shape.elements() / shape.size(0);
  }

  float nextFloat() throws IOException {
    fill();
    return type.nextFloat(block);
  }

  long nextLong() throws IOException {
    fill();
    long whole = type.nextLong(block);
    if (whole < 0 && type.kind() == 'u') {
      throw refusal("is " + Long.toUnsignedString(whole) + ", more than a label may be");
    }
    return whole;
  }

  /** What is wrong with the number that came last, as what it is. */
  Problem refusal(String what) {
    return place.refusal("has a number at row " + (taken - 1) / width() + " that " + what);
  }

  /** Sees that the stream ends with the last number. */
  void end() throws IOException {
    if (in.read() >= 0) {
      throw place.refusal("has more numbers than its shape " + shape);
    }
  }

  private void fill() throws IOException {
    taken++;
    if (block.remaining() >= type.size()) {
      return;
    }
    block.compact();
    int wanted = (int) Math.min(left, block.remaining());
    int read = in.readNBytes(block.array(), block.position(), wanted);
    left -= read;
    block.position(block.position() + read).flip();
    if (block.remaining() < type.size()) {
      throw place.refusal("has fewer numbers than its shape " + shape);
    }
  }
}
