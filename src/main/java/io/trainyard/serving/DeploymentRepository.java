package io.trainyard.serving;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.timestamp;

import io.trainyard.jobs.JobUse;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What is deployed. */
@Repository
class DeploymentRepository implements JobUse {
  private static final RowMapper<Deployment> DEPLOYMENT =
      (rs, row) ->
          new Deployment(
              rs.getString("owner"),
              rs.getString("name"),
              rs.getInt("revision"),
              rs.getString("job_id"),
              new Choice(rs.getString("checkpoint")),
              rs.getInt("epoch"),
              rs.getString("model_file"),
              Objects.requireNonNull(instant(rs, "created_at")),
              Objects.requireNonNull(instant(rs, "updated_at")));

  private final JdbcClient jdbc;

  DeploymentRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(Deployment deployment) {
    write(
        """
        insert into deployments (owner, name, revision, job_id, checkpoint, epoch, model_file,
          created_at, updated_at)
        values (:owner, :name, :revision, :job, :checkpoint, :epoch, :file, :created, :updated)
        """,
        deployment);
  }

  void update(Deployment deployment) {
    write(
        """
        update deployments set revision = :revision, job_id = :job, checkpoint = :checkpoint,
          epoch = :epoch, model_file = :file, created_at = :created, updated_at = :updated
        where owner = :owner and name = :name
        """,
        deployment);
  }

  private void write(String statement, Deployment deployment) {
    jdbc.sql(statement)
        .param("owner", deployment.owner())
        .param("name", deployment.name())
        .param("revision", deployment.revision())
        .param("job", deployment.job())
        .param("checkpoint", deployment.choice().word())
        .param("epoch", deployment.epoch())
        .param("file", deployment.file())
        .param("created", timestamp(deployment.createdAt()))
        .param("updated", timestamp(deployment.updatedAt()))
        .update();
  }

  /** Returns whether it was there. */
  boolean delete(String owner, String name) {
    return jdbc.sql("delete from deployments where owner = ? and name = ?")
            .params(owner, name)
            .update()
        == 1;
  }

  Optional<Deployment> find(String owner, String name) {
    return one("where owner = ? and name = ?", owner, name);
  }

  /** The deployment, locked for the transaction. */
  Optional<Deployment> lock(String owner, String name) {
    return one("where owner = ? and name = ? for update", owner, name);
  }

  private Optional<Deployment> one(String condition, String owner, String name) {
    return jdbc.sql("select * from deployments " + condition)
        .params(owner, name)
        .query(DEPLOYMENT)
        .optional();
  }

  /** An owner's, by name, after one. */
  List<Deployment> list(String owner, int limit, @Nullable String after) {
    return jdbc.sql(
            """
            select * from deployments where owner = :owner and name > :after order by name
            fetch first :limit rows only
            """)
        .param("owner", owner)
        .param("after", after == null ? "" : after)
        .param("limit", limit)
        .query(DEPLOYMENT)
        .list();
  }

  @Override
  public Optional<String> neededBy(String job) {
    return jdbc
        .sql("select name from deployments where job_id = ? order by name")
        .param(job)
        .query(String.class)
        .list()
        .stream()
        .findFirst()
        .map(name -> "deployment '" + name + "'");
  }
}
