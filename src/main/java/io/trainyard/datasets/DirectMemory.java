package io.trainyard.datasets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory outside the heap, which torch can work on as it is. */
final class DirectMemory {
  /** Of torch's arrays on a CPU, in bytes. */
  private static final int ALIGNMENT = 64;

  private DirectMemory() {}

  /**
   * Memory that begins where torch's own arrays begin, at a multiple of their alignment: the last
   * bits of a product can depend on that, and another process must get the same.
   *
   * @param count of bytes
   */
  static ByteBuffer bytes(long count) {
    int size = Math.toIntExact(count);
    // An aligned slice loses up to one unit at each end.
    ByteBuffer aligned =
        ByteBuffer.allocateDirect(Math.addExact(size, 2 * ALIGNMENT)).alignedSlice(ALIGNMENT);
    return aligned.limit(size).slice().order(ByteOrder.nativeOrder());
  }
}
