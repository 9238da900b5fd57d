package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.CountingDataSource;
import io.trainyard.TestDatabases;
import io.trainyard.shared.Page;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How many rows the embedded database looks at: no more than it shows, however many there are. */
class ScanTest {
  private static final int PAGE = 50;

  private final CountingDataSource database = new CountingDataSource(TestDatabases.freshH2());
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final JobListing listing = new JobListing(jdbc);
  private final JobRepository jobs = new JobRepository(jdbc);

  /** Newest last: 1000 that have succeeded, 20 of them failed instead, then 500 that wait. */
  @BeforeEach
  void fill() {
    jdbc.sql(
            """
            insert into jobs (id, name, document, epochs, seed, priority, created_at, state, attempt,
              crashes, crash_epoch, epoch, progress, best_epoch, last_sequence, queued_at,
              since_epoch)
            select 'job_' || lpad(x, 26, '0'), 'n', '{}', 1, 1, 0, current_timestamp,
              case when x > 3000 then 'queued' when mod(x, 150) = 0 then 'failed'
                else 'succeeded' end,
              1, 0, -1, 1, 1, 1, 1, current_timestamp, 0
            from system_range(1, 3500)
            """)
        .update();
    jdbc.sql("insert into job_tags select id, 'all', 'yes' from jobs").update();
    jdbc.sql("insert into job_tags select id, 'few', 'yes' from jobs where state = 'failed'")
        .update();
    jdbc.sql("analyze").update();
    database.explain();
    database.reset();
  }

  private int list(@Nullable JobState state, Map<String, String> tags) {
    String after = "job_" + "0".repeat(22) + "3499";
    return listing.ids(new JobFilter(state, tags, after), null, PAGE).size();
  }

  @Test
  void aPageLooksAtWhatItShows() {
    assertThat(list(null, Map.of())).isEqualTo(PAGE);
    assertThat(list(JobState.FAILED, Map.of())).isEqualTo(20);
    assertThat(list(JobState.SUCCEEDED, Map.of())).isEqualTo(PAGE);
    assertThat(list(null, Map.of("few", "yes"))).isEqualTo(20);
    assertThat(list(null, Map.of("all", "yes"))).isEqualTo(PAGE);

    assertThat(database.scans()).hasSize(5).allMatch(scan -> scan.rows() <= PAGE + 2);
  }

  @Test
  void ofTwoConditionsTheRarerOneIsGoneAlong() {
    assertThat(list(JobState.FAILED, Map.of("all", "yes"))).isEqualTo(20);
    assertThat(list(JobState.SUCCEEDED, Map.of("few", "yes"))).isZero();
    assertThat(list(null, Map.of("all", "yes", "few", "yes"))).isEqualTo(20);

    assertThat(database.scans()).hasSize(9);
    assertThat(database.scans())
        .filteredOn(scan -> !scan.sql().contains("count(*)"))
        .hasSize(3)
        .allMatch(scan -> scan.rows() <= 2 * 20 + 2);
  }

  @Test
  void aSearchForANameLooksAtSoManyJobsAtATime() {
    int more = JobListing.SEARCHED - 3500 + 100;
    jdbc.sql(
            """
            insert into jobs (id, name, document, epochs, seed, priority, created_at, state, attempt,
              crashes, crash_epoch, epoch, progress, best_epoch, last_sequence, queued_at,
              since_epoch)
            select 'job_' || lpad(3500 + x, 26, '0'), 'm', '{}', 1, 1, 0, current_timestamp,
              'queued', 0, 0, -1, 0, 0, 0, 0, current_timestamp, 0
            from system_range(1, ?)
            """)
        .param(more)
        .update();
    JobFilter all = new JobFilter(null, Map.of(), null);
    database.reset();

    Page<String> none = listing.named(all, null, "rare", PAGE);
    assertThat(none.data()).isEmpty();
    assertThat(none.hasMore()).isTrue();
    assertThat(none.nextCursor()).endsWith("0101");
    Page<String> rest =
        listing.named(new JobFilter(null, Map.of(), none.nextCursor()), null, "rare", PAGE);
    assertThat(rest).isEqualTo(new Page<>(List.of(), false, null));
    assertThat(database.scans()).hasSize(4).allMatch(s -> s.rows() <= 4L * JobListing.SEARCHED + 3);
    assertThat(listing.named(all, null, "M", PAGE).data()).hasSize(PAGE);
  }

  @Test
  void theNextJobIsFoundWithoutLookingAtTheQueueOrTheEnded() {
    assertThat(jobs.lockNext().orElseThrow().id()).endsWith("3001");

    assertThat(database.scans()).allMatch(scan -> scan.rows() <= 16 + 2);
  }

  @Test
  void aPartOfALogIsFoundWithoutLookingAtTheRest() {
    String job = "job_" + "0".repeat(22) + "3001";
    EventRepository events = new EventRepository(new JdbcTemplate(database));
    jdbc.sql(
            """
            insert into job_events (job_id, sequence, type, epoch, at, content)
            select id, x, 'job.epoch', x, current_timestamp, '{}'
            from jobs cross join system_range(1, 2000) as s(x) where id = ?
            """)
        .param(job)
        .update();
    database.reset();

    assertThat(events.after(job, 1000, 10)).hasSize(10);
    assertThat(events.epochsAfter(job, 1000, 10)).hasSize(10);
    assertThat(events.epochs(job, List.of(1, 1000, 2000))).hasSize(3);
    assertThat(database.scans()).hasSize(4).allMatch(scan -> scan.rows() <= 2 * 10 + 2);
  }
}
