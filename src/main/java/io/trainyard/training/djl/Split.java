package io.trainyard.training.djl;

import java.util.Arrays;

/**
 * Which rows train and which validate, as torch.utils.data.random_split with the fractions [1 -
 * fraction, fraction]: each part has its floor, what is left goes to the parts in turn from the
 * first, and the first part takes the first of the permutation.
 */
final class Split {
  private final long[] permutation;
  private final int trains;

  /**
   * Splits two rows or more; each part has at least one.
   *
   * @param permutation torch.randperm(rows)
   */
  Split(long[] permutation, double fraction) {
    this.permutation = permutation;
    int rows = permutation.length;
    int first = (int) Math.floor(rows * (1 - fraction));
    int left = rows - first - (int) Math.floor(rows * fraction);
    trains = Math.max(1, Math.min(first + (left + 1) / 2, rows - 1));
  }

  /** The rows that train, in the order in which an unshuffled epoch takes them. */
  long[] train() {
    return Arrays.copyOf(permutation, trains);
  }

  long[] validation() {
    return Arrays.copyOfRange(permutation, trains, permutation.length);
  }
}
