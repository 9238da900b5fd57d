package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeepRuleTest {
  private static Checkpoint checkpoint(int epoch, int best) {
    Checkpoint.Files files = new Checkpoint.Files("s" + epoch, "m" + epoch);
    return new Checkpoint(epoch, 0, 1, "epoch", 1, "0", epoch == best, Instant.EPOCH, files);
  }

  private static List<Integer> surplus(int newest, int best, int last) {
    List<Checkpoint> newestFirst =
        IntStream.iterate(newest, epoch -> epoch > 0, epoch -> epoch - 1)
            .mapToObj(epoch -> checkpoint(epoch, best))
            .toList();
    return KeepRule.surplus(newestFirst, last).stream().map(Checkpoint::epoch).toList();
  }

  @Test
  void theLastFewStay() {
    assertThat(surplus(5, 0, 2)).containsExactly(3, 2, 1);
    assertThat(surplus(2, 0, 2)).isEmpty();
    assertThat(surplus(1, 0, 2)).isEmpty();
  }

  @Test
  void theBestStaysBesideThem() {
    assertThat(surplus(5, 2, 2)).containsExactly(3, 1);
    assertThat(surplus(5, 5, 1)).containsExactly(4, 3, 2, 1);
  }
}
