package io.trainyard.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void carryTheirKindAndSortByTheOrderTheyWereMadeIn() {
    Ids ids = new Ids(Clock.fixed(Instant.ofEpochMilli(1_700_000_000_000L), ZoneOffset.UTC));
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      made.add(ids.next("job"));
    }

    assertThat(made)
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("job_[0-9a-z]{26}"));
  }

  @Test
  void sortByTime() {
    Ids earlier = new Ids(Clock.fixed(Instant.ofEpochMilli(1_700_000_000_000L), ZoneOffset.UTC));
    Ids later = new Ids(Clock.fixed(Instant.ofEpochMilli(1_700_000_000_001L), ZoneOffset.UTC));

    assertThat(earlier.next("job")).isLessThan(later.next("job"));
  }
}
