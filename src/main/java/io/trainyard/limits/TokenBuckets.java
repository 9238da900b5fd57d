package io.trainyard.limits;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A bucket of tokens for each caller. A request takes one; they come back at a steady rate, up to
 * the bucket's size.
 */
final class TokenBuckets {
  /** Callers; when there are more, full buckets, which new ones would equal, are dropped. */
  private static final int REMEMBERED = 10_000;

  private static final double SECOND = 1e9;
  private static final long SWEEP_NANOS = 1_000_000_000;

  private final double perSecond;
  private final double size;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  private final AtomicLong swept;

  private record Bucket(double tokens, long at, boolean taken) {}

  /**
   * @param nanos a clock as {@link System#nanoTime}
   */
  TokenBuckets(int perSecond, int size, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.size = size;
    this.nanos = nanos;
    this.swept = new AtomicLong(nanos.getAsLong() - SWEEP_NANOS);
  }

  /** Takes a token of a caller, if there is one. */
  boolean take(String caller) {
    long now = nanos.getAsLong();
    long last = swept.get();
    if (buckets.size() >= REMEMBERED
        && now - last >= SWEEP_NANOS
        && swept.compareAndSet(last, now)) {
      buckets.values().removeIf(bucket -> tokens(bucket, now) >= size);
    }
    return buckets
        .compute(
            caller,
            (name, bucket) -> {
              double tokens = bucket == null ? size : tokens(bucket, now);
              return tokens >= 1
                  ? new Bucket(tokens - 1, now, true)
                  : new Bucket(tokens, now, false);
            })
        .taken();
  }

  /** How many callers are remembered. */
  int callers() {
    return buckets.size();
  }

  private double tokens(Bucket bucket, long now) {
    return Math.min(size, bucket.tokens() + Math.max(0, now - bucket.at()) / SECOND * perSecond);
  }
}
