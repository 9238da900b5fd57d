package io.trainyard.jobs;

import static io.trainyard.shared.Sql.timestamp;

import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Ids that files may bear although there is no such job: deleted ones, and those reserved for a job
 * that gets files before it is there.
 */
@Repository
class AbsentJobs {
  private final JdbcClient jdbc;

  AbsentJobs(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void reserve(String id, Instant now) {
    insert(id, true, now);
  }

  /**
   * Ends a reservation: the job is there, once the transaction has ended.
   *
   * @return false if there is none, or none since {@code since}
   */
  boolean take(String id, Instant since) {
    return jdbc.sql("delete from absent_jobs where id = ? and reserved and since > ?")
            .params(id, timestamp(since))
            .update()
        == 1;
  }

  void deleted(String id, Instant now) {
    insert(id, false, now);
  }

  boolean isEmpty() {
    return jdbc.sql("select id from absent_jobs fetch first 1 rows only")
        .query(String.class)
        .optional()
        .isEmpty();
  }

  /** Those of {@code ids} that were deleted, or were reserved before {@code reservedBefore}. */
  List<String> among(List<String> ids, Instant reservedBefore) {
    return jdbc.sql(
            """
            select id from absent_jobs where id in (:ids) and (not reserved or since < :before)
            """)
        .param("ids", ids)
        .param("before", timestamp(reservedBefore))
        .query(String.class)
        .list();
  }

  void forget(Instant before) {
    jdbc.sql("delete from absent_jobs where since < ?").param(timestamp(before)).update();
  }

  private void insert(String id, boolean reserved, Instant now) {
    jdbc.sql("insert into absent_jobs (id, reserved, since) values (?, ?, ?)")
        .params(id, reserved, timestamp(now))
        .update();
  }
}
