package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRowTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.000001Z");

  private static JobEvent epoch(long sequence, int epoch) {
    String content = "{\"epoch\":" + epoch + ",\"metrics\":{\"a b\":1.5}}";
    return new JobEvent(sequence, JobEvent.Type.EPOCH, epoch, NOW.plusMillis(epoch), content);
  }

  private static JobEvent warning(long sequence) {
    return new JobEvent(sequence, JobEvent.Type.WARNING, null, NOW, "{\"detail\":\"a b\\nc\"}");
  }

  private static List<JobEvent> events(List<EventRow> rows) {
    List<JobEvent> events = new ArrayList<>();
    rows.forEach(row -> row.addTo(events));
    return events;
  }

  @Test
  void epochsShareRowsAndComeOutAsTheyWentIn() {
    List<JobEvent> told = new ArrayList<>();
    for (int i = 1; i <= 2 * EventRow.MOST_EVENTS + 1; i++) {
      told.add(epoch(10 + i, i));
    }
    List<EventRow> rows = EventRow.of(told);

    assertThat(rows).extracting(EventRow::events).containsExactly(100, 100, 1);
    assertThat(rows).extracting(EventRow::sequence).containsExactly(110L, 210L, 211L);
    assertThat(rows).extracting(EventRow::epoch).containsExactly(100, 200, 201);
    assertThat(events(rows)).isEqualTo(told);
  }

  @Test
  void whatIsNoEpochHasARowOfItsOwn() {
    List<JobEvent> told =
        List.of(warning(1), warning(2), epoch(3, 1), epoch(4, 2), warning(5), epoch(6, 3));
    List<EventRow> rows = EventRow.of(told);

    assertThat(rows).extracting(EventRow::events).containsExactly(1, 1, 2, 1, 1);
    assertThat(events(rows)).isEqualTo(told);
  }

  @Test
  void onlyEpochsThatFollowEachOtherShareARow() {
    List<JobEvent> told = List.of(epoch(1, 1), epoch(2, 3), epoch(4, 4), epoch(5, 5));

    assertThat(EventRow.of(told)).extracting(EventRow::events).containsExactly(1, 1, 2);
    assertThat(events(EventRow.of(told))).isEqualTo(told);
    assertThat(EventRow.of(List.of())).isEmpty();
  }
}
