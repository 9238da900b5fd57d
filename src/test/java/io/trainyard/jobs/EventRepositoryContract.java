package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The log of a job on every database, whether or not its epochs share rows. */
abstract class EventRepositoryContract {
  private static final String JOB = "job_0123456789abcdefghjkmnpqrs";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");

  /** Before the first epoch, as in a fork. */
  private static final int BEFORE = 30;

  private static final int EPOCHS = 400;

  private EventRepository events;

  abstract DataSource freshDatabase();

  @BeforeEach
  void start() {
    JdbcTemplate jdbc = new JdbcTemplate(freshDatabase());
    events = new EventRepository(jdbc);
    jdbc.update(
        """
        insert into jobs (id, name, document, epochs, seed, priority, created_at, state, attempt,
          crashes, crash_epoch, epoch, progress, best_epoch, last_sequence, queued_at, since_epoch)
        values (?, 'n', '{}', 1, 1, 0, current_timestamp, 'running', 1, 0, -1, 1, 1, 1, 1,
          current_timestamp, 0)
        """,
        JOB);
    events.append(JOB, List.of(warning(1), warning(2)));
    append(1, 250);
    append(251, 251);
    append(252, EPOCHS);
    events.append(JOB, List.of(warning(EPOCHS + 3)));
  }

  private void append(int first, int last) {
    events.append(JOB, IntStream.rangeClosed(first, last).mapToObj(i -> epoch(i)).toList());
  }

  private static JobEvent epoch(int number) {
    String content = "{\"loss\":" + 1.0 / number + "}";
    int epoch = BEFORE + number;
    return new JobEvent(number + 2, JobEvent.Type.EPOCH, epoch, NOW.plusSeconds(number), content);
  }

  private static JobEvent warning(long sequence) {
    return new JobEvent(sequence, JobEvent.Type.WARNING, null, NOW, "{\"detail\":\"a b\"}");
  }

  private static List<JobEvent> epochs(int after, int limit) {
    return IntStream.rangeClosed(after + 1, Math.min(EPOCHS, after + limit))
        .mapToObj(EventRepositoryContract::epoch)
        .toList();
  }

  @Test
  void epochsAreReadFromAnyOfThemOn() {
    for (int after : List.of(0, 1, 99, 100, 101, 249, 250, 251, 252, 351, 399, 400)) {
      for (int limit : List.of(1, 2, 99, 100, 101, 1000)) {
        assertThat(events.epochsAfter(JOB, BEFORE + after, limit))
            .as(limit + " after " + after)
            .isEqualTo(epochs(after, limit));
      }
    }
    assertThat(events.epochsAfter(JOB, 0, 200)).isEqualTo(epochs(0, 200));
    assertThat(events.epochsAfter("job_other", 0, 200)).isEmpty();
  }

  @Test
  void eventsAreReadFromAnyOfThemOn() {
    List<JobEvent> all = new ArrayList<>(List.of(warning(1), warning(2)));
    all.addAll(epochs(0, EPOCHS));
    all.add(warning(EPOCHS + 3));
    for (int after : List.of(0, 1, 2, 3, 101, 102, 103, 252, 253, 254, 402, 403)) {
      for (int limit : List.of(1, 2, 99, 100, 101, 1000)) {
        assertThat(events.after(JOB, after, limit))
            .as(limit + " after " + after)
            .isEqualTo(all.subList(after, Math.min(all.size(), after + limit)));
      }
    }
    assertThat(events.after(JOB, Long.MAX_VALUE, 1000)).isEmpty();
  }

  @Test
  void someEpochsAreFoundByTheirNumbers() {
    List<Integer> asked = Stream.of(400, 1, 100, 101, 251, 300, 7000).map(e -> BEFORE + e).toList();
    assertThat(events.epochs(JOB, asked))
        .isEqualTo(
            Stream.of(1, 100, 101, 251, 300, 400).map(EventRepositoryContract::epoch).toList());
    assertThat(events.epochs(JOB, List.of(1, 7000))).isEmpty();
  }

  @Test
  void theLogIsRemovedWhole() {
    events.deleteAll(JOB);

    assertThat(events.after(JOB, 0, 10)).isEmpty();
    assertThat(events.epochsAfter(JOB, 0, 10)).isEmpty();
  }
}
