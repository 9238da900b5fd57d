package io.trainyard.jobs;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.integer;
import static io.trainyard.shared.Sql.timestamp;

import io.trainyard.shared.Json;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The log of what happened to each job. */
@Repository
class EventRepository {
  private static final RowMapper<JobEvent> EVENT =
      (rs, row) ->
          new JobEvent(
              rs.getLong("sequence"),
              JobEvent.Type.of(rs.getString("type")),
              integer(rs, "epoch"),
              Objects.requireNonNull(instant(rs, "at")),
              Json.MAPPER.readTree(rs.getString("content")));

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  EventRepository(JdbcTemplate batches) {
    this.batches = batches;
    this.jdbc = JdbcClient.create(batches);
  }

  void append(String job, List<JobEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    batches.batchUpdate(
        """
        insert into job_events (job_id, sequence, type, epoch, at, content)
        values (?, ?, ?, ?, ?, ?)
        """,
        events.stream()
            .map(
                e ->
                    new Object[] {
                      job,
                      e.sequence(),
                      e.type().word(),
                      e.epoch(),
                      timestamp(e.at()),
                      Json.write(e.data())
                    })
            .toList());
  }

  void deleteAll(String job) {
    jdbc.sql("delete from job_events where job_id = ?").param(job).update();
  }

  /** The events after a sequence number, in order. */
  List<JobEvent> after(String job, long sequence, int limit) {
    return jdbc.sql(
            """
            select * from job_events where job_id = :job and sequence > :sequence
            order by sequence fetch first :limit rows only
            """)
        .param("job", job)
        .param("sequence", sequence)
        .param("limit", limit)
        .query(EVENT)
        .list();
  }

  /** The epochs after one, in order. */
  List<JobEvent> epochsAfter(String job, int epoch, int limit) {
    return jdbc.sql(
            """
            select * from job_events where job_id = :job and epoch > :epoch
            order by epoch fetch first :limit rows only
            """)
        .param("job", job)
        .param("epoch", epoch)
        .param("limit", limit)
        .query(EVENT)
        .list();
  }

  /** Those of some epochs that are there, in order. */
  List<JobEvent> epochs(String job, List<Integer> epochs) {
    return jdbc.sql(
            """
            select * from job_events where job_id = :job and epoch in (:epochs)
            order by epoch, sequence
            """)
        .param("job", job)
        .param("epochs", epochs)
        .query(EVENT)
        .list();
  }
}
