package io.trainyard.training.djl;

import ai.djl.ndarray.NDList;
import java.util.concurrent.TimeUnit;

/** A copy of the weights from when they were last seen finite, for a training that diverges. */
final class FiniteCopy {
  /** Copies are this far apart, so that short epochs do not pay for them. */
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final EpochCalls calls;
  private final NDList current;
  private final NDList examined;
  private final NDList copy;
  private int epoch;
  private long taken = System.nanoTime() - INTERVAL_NANOS;

  /**
   * Copies the weights as they are.
   *
   * @param epoch after which they are so
   */
  FiniteCopy(EpochCalls calls, Weights weights, int epoch) {
    this.epoch = epoch;
    this.calls = calls;
    current = weights.all("current");
    examined = weights.all("examined");
    copy = weights.duplicate("copy");
  }

  /** After a finished epoch whose losses were finite. */
  void offer(int finished) {
    long now = System.nanoTime();
    if (now - taken >= INTERVAL_NANOS && calls.finite(examined)) {
      taken = now;
      calls.copy(current, copy);
      epoch = finished;
    }
  }

  /**
   * Makes the copy the weights.
   *
   * @return the epoch after which it was taken; 0 for the initial weights
   */
  int restore() {
    calls.copy(copy, current);
    return epoch;
  }
}
