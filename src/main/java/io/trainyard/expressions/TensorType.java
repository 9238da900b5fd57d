package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor's element type and shape.
 *
 * @param sizes of the dimensions; {@link #BATCH} for one of as many rows as a batch has
 */
public record TensorType(DType dtype, List<Long> sizes) {
  /** A size that is not known before the training, and differs between batches. */
  public static final long BATCH = Long.MIN_VALUE;

  /**
   * Batch sizes to follow the shapes with: two primes so large that no other size is a multiple of
   * them. What holds for both, holds for any.
   */
  static final long[] SAMPLES = {998_244_353L, 999_999_937L};

  public TensorType {
    sizes = List.copyOf(sizes);
  }

  public static TensorType of(DType dtype, long... sizes) {
    List<Long> list = new ArrayList<>();
    for (long size : sizes) {
      list.add(size);
    }
    return new TensorType(dtype, list);
  }

  public int rank() {
    return sizes.size();
  }

  /** How many elements there are; not for a type with a batch. */
  public long elements() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** Whether broadcasting could make the other's shape of this. */
  public boolean expandsTo(TensorType other) {
    int more = other.rank() - rank();
    for (int i = 0; more >= 0 && i < rank(); i++) {
      long size = sizes.get(i);
      if (size != 1 && size != other.sizes.get(more + i)) {
        return false;
      }
    }
    return more >= 0;
  }

  TensorType withDtype(DType other) {
    return new TensorType(other, sizes);
  }

  TensorType withSizes(List<Long> other) {
    return new TensorType(dtype, other);
  }

  /** With a batch of so many rows. */
  TensorType withBatch(long rows) {
    return new TensorType(dtype, sizes.stream().map(s -> s == BATCH ? rows : s).toList());
  }

  /** The shape, with N for the batch's size: {@code [N, 3]}. */
  public String shape() {
    return shape(sizes);
  }

  static String shape(List<Long> sizes) {
    return sizes.stream().map(TensorType::size).collect(Collectors.joining(", ", "[", "]"));
  }

  static String size(long size) {
    if (size == BATCH) {
      return "N";
    }
    for (long sample : SAMPLES) {
      if (size != 0 && size % sample == 0) {
        long factor = size / sample;
        return factor == 1 ? "N" : factor == sample ? "N*N" : factor + "*N";
      }
      long more = size - sample;
      if (Math.abs(more) < sample / 1000) {
        return more < 0 ? "N" + more : "N+" + more;
      }
    }
    return Long.toString(size);
  }

  @Override
  public String toString() {
    return dtype + " " + shape();
  }
}
