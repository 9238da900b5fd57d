package io.trainyard.jobs;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.timestamp;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
              rs.getInt("next_row"),
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
            insert into job_checkpoints (job_id, epoch, next_row, attempt, cause, bytes, sha256, best,
              state_file, manifest_file, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            job,
            checkpoint.epoch(),
            checkpoint.row(),
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
    jdbc.sql("delete from job_checkpoints where job_id = ? and epoch = ? and next_row = ?")
        .params(job, checkpoint.epoch(), checkpoint.row())
        .update();
  }

  void noneIsBest(String job) {
    jdbc.sql("update job_checkpoints set best = false where job_id = ? and best")
        .param(job)
        .update();
  }

  /**
   * The checkpoint after an epoch.
   *
   * @param row of the next epoch; null for the state between the two or else the latest after it
   */
  Optional<Checkpoint> find(String job, int epoch, @Nullable Integer row) {
    return jdbc.sql(
            """
            select * from job_checkpoints where job_id = :job and epoch = :epoch
              and next_row between :least and :most
            order by case when next_row = 0 then 0 else 1 end, next_row desc
            fetch first row only
            """)
        .param("job", job)
        .param("epoch", epoch)
        .param("least", row == null ? 0 : row)
        .param("most", row == null ? Integer.MAX_VALUE : row)
        .query(CHECKPOINT)
        .optional();
  }

  /** All of a job, newest first. */
  List<Checkpoint> all(String job) {
    return before(job, Integer.MAX_VALUE, 0, Integer.MAX_VALUE);
  }

  /** Those before a row of an epoch, newest first. */
  List<Checkpoint> before(String job, int epoch, int row, int limit) {
    return jdbc.sql(
            """
            select * from job_checkpoints where job_id = :job
              and (epoch < :epoch or epoch = :epoch and next_row < :row)
            order by epoch desc, next_row desc fetch first :limit rows only
            """)
        .param("job", job)
        .param("epoch", epoch)
        .param("row", row)
        .param("limit", limit)
        .query(CHECKPOINT)
        .list();
  }
}
