package io.trainyard.training.djl;

import io.trainyard.training.JobDocument;
import java.util.Arrays;

/**
 * Which rows train and which validate, as torch.utils.data.random_split deals them out: the first
 * part takes the first of the permutation.
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
    trains = (int) JobDocument.Split.of(permutation.length, fraction).train();
  }

  /** The rows that train, in the order in which an unshuffled epoch takes them. */
  long[] train() {
    return Arrays.copyOf(permutation, trains);
  }

  long[] validation() {
    return Arrays.copyOfRange(permutation, trains, permutation.length);
  }
}
