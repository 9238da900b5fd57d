package io.trainyard.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong clock = new AtomicLong(-5 * SECOND);
  private final TokenBuckets buckets = new TokenBuckets(2, 3, clock::get);

  private int taken(String caller, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += buckets.take(caller) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void aBurstEndsWhenTheBucketIsEmpty() {
    assertThat(taken("a", 10)).isEqualTo(3);
  }

  @Test
  void tokensComeBackAtTheRateUpToTheSize() {
    taken("a", 10);

    clock.addAndGet(SECOND / 2);
    assertThat(taken("a", 10)).isEqualTo(1);
    clock.addAndGet(SECOND);
    assertThat(taken("a", 10)).isEqualTo(2);
    clock.addAndGet(100 * SECOND);
    assertThat(taken("a", 10)).isEqualTo(3);
  }

  @Test
  void refusedRequestsDoNotPutOffTheNextToken() {
    taken("a", 3);
    for (int i = 0; i < 4; i++) {
      clock.addAndGet(SECOND / 10);
      assertThat(buckets.take("a")).isFalse();
    }
    clock.addAndGet(SECOND / 10 + 1);
    assertThat(buckets.take("a")).isTrue();
  }

  @Test
  void oneCallerDoesNotTakeAnothers() {
    taken("a", 10);

    assertThat(taken("b", 10)).isEqualTo(3);
  }

  @Test
  void callersOfThePastAreForgotten() {
    for (int i = 0; i < 12_000; i++) {
      buckets.take("past " + i);
    }
    clock.addAndGet(10 * SECOND);
    buckets.take("new");

    assertThat(buckets.callers()).isEqualTo(1);
  }
}
