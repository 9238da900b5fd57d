package io.trainyard.training.djl;

/**
 * How the steps of a training go.
 *
 * @param rows that train
 * @param rowSize numbers in a row's input
 * @param batch rows in a step
 * @param shuffled whether each epoch has an order of its own, drawn from torch's generator, else
 *     the rows are taken as they lie
 */
record Steps(int rows, long rowSize, int batch, boolean shuffled) {
  /** Larger ones stay in the processor's cache if each is gathered for its step. */
  private static final long SMALL_BATCH = 1 << 14;

  /** Of torch's arrays on a CPU, in numbers. */
  private static final int ALIGNMENT = 16;

  /**
   * Whether batches are gathered for all steps of a call at once, so that each begins within their
   * memory. That has to be where an array of its own could begin: a product's last bits can depend
   * on it, and would depend on how calls share an epoch.
   */
  boolean gathersAhead() {
    long batchSize = rowSize * batch;
    return batchSize <= SMALL_BATCH && batchSize % ALIGNMENT == 0;
  }
}
