package io.trainyard.jobs;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.integer;
import static io.trainyard.shared.Sql.timestamp;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The runs of each job, with what proves that a report comes from one. */
@Repository
class AttemptRepository {
  private final JdbcClient jdbc;

  AttemptRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What a report is checked against. */
  record Credentials(String tokenHash, long lastBatch, boolean ended) {}

  void insert(AttemptId id, String tokenHash, Instant now) {
    jdbc.sql(
            """
            insert into job_attempts (job_id, attempt, token_hash, last_batch, state, started_at)
            values (?, ?, ?, 0, 'running', ?)
            """)
        .params(id.job(), id.attempt(), tokenHash, timestamp(now))
        .update();
  }

  Optional<Credentials> credentials(AttemptId id) {
    return jdbc.sql(
            """
            select token_hash, last_batch, state from job_attempts
            where job_id = :job and attempt = :attempt
            """)
        .param("job", id.job())
        .param("attempt", id.attempt())
        .query(
            (rs, row) ->
                new Credentials(
                    rs.getString("token_hash"),
                    rs.getLong("last_batch"),
                    rs.getString("state").equals("ended")))
        .optional();
  }

  void reported(AttemptId id, long batch, @Nullable String device) {
    jdbc.sql(
            """
            update job_attempts set last_batch = :batch, device = coalesce(:device, device)
            where job_id = :job and attempt = :attempt
            """)
        .param("batch", batch)
        .param("device", device)
        .param("job", id.job())
        .param("attempt", id.attempt())
        .update();
  }

  /** The run goes on after an epoch. */
  void resumed(AttemptId id, int epoch) {
    jdbc.sql("update job_attempts set resumed_from = ? where job_id = ? and attempt = ?")
        .params(epoch, id.job(), id.attempt())
        .update();
  }

  /** Ends a run that has not ended yet. */
  void end(AttemptId id, String outcome, Instant now) {
    jdbc.sql(
            """
            update job_attempts set state = 'ended', outcome = :outcome, ended_at = :now
            where job_id = :job and attempt = :attempt and state <> 'ended'
            """)
        .param("outcome", outcome)
        .param("now", timestamp(now))
        .param("job", id.job())
        .param("attempt", id.attempt())
        .update();
  }

  void exited(AttemptId id, int exitCode) {
    jdbc.sql("update job_attempts set exit_code = ? where job_id = ? and attempt = ?")
        .params(exitCode, id.job(), id.attempt())
        .update();
  }

  List<Attempt> list(String job) {
    return jdbc.sql("select * from job_attempts where job_id = :job order by attempt")
        .param("job", job)
        .query(
            (rs, row) ->
                new Attempt(
                    rs.getInt("attempt"),
                    rs.getString("state"),
                    rs.getString("outcome"),
                    integer(rs, "exit_code"),
                    rs.getString("device"),
                    integer(rs, "resumed_from"),
                    Objects.requireNonNull(instant(rs, "started_at")),
                    instant(rs, "ended_at")))
        .list();
  }
}
