package io.trainyard.jobs;

import static io.trainyard.shared.Sql.timestamp;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Removes what jobs have kept long enough, a job at a time. Each looks again at its job, which may
 * have been resumed or removed meanwhile.
 */
@Service
class Expiry {
  private final Jobs jobs;
  private final JobRepository rows;
  private final Checkpoints checkpoints;
  private final EventRepository events;
  private final JdbcClient jdbc;

  Expiry(
      Jobs jobs,
      JobRepository rows,
      Checkpoints checkpoints,
      EventRepository events,
      JdbcClient jdbc) {
    this.jobs = jobs;
    this.rows = rows;
    this.checkpoints = checkpoints;
    this.events = events;
    this.jdbc = jdbc;
  }

  /** What can be kept for a while. */
  enum Kept {
    JOB("true"),
    CHECKPOINTS("exists (select 1 from job_checkpoints c where c.job_id = jobs.id)"),
    EVENTS("exists (select 1 from job_events e where e.job_id = jobs.id)");

    private final String condition;

    Kept(String condition) {
      this.condition = condition;
    }
  }

  /** Ids of jobs that ended before {@code before} and have some, in order, after one. */
  List<String> due(Kept what, Instant before, String after, int limit) {
    return jdbc.sql(
            """
            select id from jobs where finished_at < :before and id > :after and %s
            order by id fetch first :limit rows only
            """
                .formatted(what.condition))
        .param("before", timestamp(before))
        .param("after", after)
        .param("limit", limit)
        .query(String.class)
        .list();
  }

  @Transactional
  void remove(Kept what, String id, Instant before) {
    Optional<Job> ended =
        rows.lock(id)
            .filter(job -> job.state().terminal())
            .filter(
                job -> {
                  Instant at = job.outcome().finishedAt();
                  return at != null && at.isBefore(before);
                });
    ended.ifPresent(
        job -> {
          switch (what) {
            case JOB -> {
              if (jobs.neededBy(id).isEmpty()) {
                jobs.remove(job);
              }
            }
            case CHECKPOINTS -> checkpoints.removeAll(job);
            case EVENTS -> events.deleteAll(id);
          }
        });
  }
}
