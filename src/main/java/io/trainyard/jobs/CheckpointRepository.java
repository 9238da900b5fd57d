package io.trainyard.jobs;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.timestamp;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which checkpoints each job has. */
@Repository
class CheckpointRepository {
  private static final RowMapper<Checkpoint> CHECKPOINT =
      (rs, row) ->
          new Checkpoint(
              rs.getInt("epoch"),
              rs.getInt("attempt"),
              rs.getString("cause"),
              rs.getLong("bytes"),
              rs.getString("sha256"),
              rs.getBoolean("best"),
              Objects.requireNonNull(instant(rs, "created_at")),
              new Checkpoint.Files(rs.getString("state_file"), rs.getString("manifest_file")));

  private final JdbcClient jdbc;

  CheckpointRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(String job, Checkpoint checkpoint) {
    jdbc.sql(
            """
            insert into job_checkpoints (job_id, epoch, attempt, cause, bytes, sha256, best,
              state_file, manifest_file, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            job,
            checkpoint.epoch(),
            checkpoint.attempt(),
            checkpoint.cause(),
            checkpoint.bytes(),
            checkpoint.sha256(),
            checkpoint.best(),
            checkpoint.files().state(),
            checkpoint.files().manifest(),
            timestamp(checkpoint.createdAt()))
        .update();
  }

  void delete(String job, Checkpoint checkpoint) {
    jdbc.sql("delete from job_checkpoints where job_id = ? and epoch = ?")
        .params(job, checkpoint.epoch())
        .update();
  }

  void noneIsBest(String job) {
    jdbc.sql("update job_checkpoints set best = false where job_id = ? and best")
        .param(job)
        .update();
  }

  Optional<Checkpoint> find(String job, int epoch) {
    return jdbc.sql("select * from job_checkpoints where job_id = ? and epoch = ?")
        .params(job, epoch)
        .query(CHECKPOINT)
        .optional();
  }

  /** All of a job, newest first. */
  List<Checkpoint> all(String job) {
    return before(job, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Those of fewer finished epochs, newest first. */
  List<Checkpoint> before(String job, int epoch, int limit) {
    return jdbc.sql(
            """
            select * from job_checkpoints where job_id = :job and epoch < :epoch
            order by epoch desc fetch first :limit rows only
            """)
        .param("job", job)
        .param("epoch", epoch)
        .param("limit", limit)
        .query(CHECKPOINT)
        .list();
  }
}
