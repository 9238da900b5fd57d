package io.trainyard.jobs;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.optionalTimestamp;
import static io.trainyard.shared.Sql.timestamp;

import io.trainyard.shared.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The jobs table, in SQL that H2 and PostgreSQL both take. */
@Repository
class JobRepository {
  private static final String HELD = "('starting', 'running', 'pausing', 'cancelling')";

  private final JdbcClient jdbc;

  JobRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insert(Job job) {
    JobSpec spec = job.spec();
    Lineage lineage = spec.lineage();
    jdbc.sql(
            """
            insert into jobs (id, owner, name, document, model_id, dataset_id, epochs, seed, priority,
              max_runtime_seconds, created_at, state, attempt, crashes, crash_epoch, epoch,
              progress, best_epoch, last_sequence, queued_at, since_epoch,
              lineage_kind, lineage_job, lineage_checkpoint)
            values (:id, :owner, :name, :document, :model, :dataset, :epochs, :seed, :priority,
              :maxRuntime, :created, 'queued', 0, 0, -1, 0, 0, 0, 0, :created, 0,
              :lineageKind, :lineageJob, :lineageCheckpoint)
            """)
        .param("id", job.id())
        .param("owner", spec.owner())
        .param("name", spec.name())
        .param("document", Json.write(spec.document()))
        .param("model", spec.modelId())
        .param("dataset", spec.datasetId())
        .param("epochs", spec.epochs())
        .param("seed", spec.seed())
        .param("priority", spec.priority())
        .param("maxRuntime", spec.maxRuntimeSeconds())
        .param("created", timestamp(spec.createdAt()))
        .param("lineageKind", lineage == null ? null : lineage.kind().word())
        .param("lineageJob", lineage == null ? null : lineage.job())
        .param("lineageCheckpoint", lineage == null ? null : lineage.checkpoint())
        .update();
    spec.tags()
        .forEach(
            (name, content) ->
                jdbc.sql("insert into job_tags (job_id, name, content) values (?, ?, ?)")
                    .params(job.id(), name, content)
                    .update());
  }

  /** Stores what changes; a job that no run holds has no lease. */
  void update(Job job) {
    Progress progress = job.progress();
    RunHistory runs = job.runs();
    Outcome outcome = job.outcome();
    String lease = job.state().held() ? "" : ", lease_owner = null, lease_expires_at = null";
    jdbc.sql(
            """
            update jobs set state = :state, phase = :phase, reason = :reason, error = :error,
              device = :device, attempt = :attempt, crashes = :crashes, crash_epoch = :crashEpoch,
              epoch = :epoch, progress = :progress, train_loss = :trainLoss,
              validation_loss = :validationLoss, best_loss = :bestLoss, best_epoch = :bestEpoch,
              last_sequence = :sequence, queued_at = :queued, started_at = :started,
              since = :since, since_epoch = :sinceEpoch, progress_at = :progressAt,
              finished_at = :finished, checkpoint_asked = :asked%s
            where id = :id
            """
                .formatted(lease))
        .param("state", job.state().word())
        .param("phase", runs.phase())
        .param("reason", outcome.reason() == null ? null : outcome.reason().word())
        .param("error", shortened(outcome.error()))
        .param("device", runs.device())
        .param("attempt", runs.attempt())
        .param("crashes", runs.crashes())
        .param("crashEpoch", runs.crashEpoch())
        .param("epoch", progress.epoch())
        .param("progress", progress.fraction())
        .param("trainLoss", progress.trainLoss())
        .param("validationLoss", progress.validationLoss())
        .param("bestLoss", progress.bestLoss())
        .param("bestEpoch", progress.bestEpoch())
        .param("sequence", job.lastSequence())
        .param("queued", timestamp(runs.queuedAt()))
        .param("started", optionalTimestamp(runs.startedAt()))
        .param("since", optionalTimestamp(progress.since()))
        .param("sinceEpoch", progress.sinceEpoch())
        .param("progressAt", optionalTimestamp(progress.at()))
        .param("finished", optionalTimestamp(outcome.finishedAt()))
        .param("asked", runs.checkpointAsked())
        .param("id", job.id())
        .update();
  }

  Optional<Job> find(String id) {
    return one("where id = :id", Map.of("id", id));
  }

  /** The job, held against other transactions until this one ends. */
  Optional<Job> lock(String id) {
    return one("where id = :id for update", Map.of("id", id));
  }

  /** The job if its lease has run out, locked; empty if another transaction holds it. */
  Optional<Job> lockExpired(String id) {
    return one(
        "where id = :id and lease_expires_at < current_timestamp for update skip locked",
        Map.of("id", id));
  }

  /**
   * The job that is next in the queue, locked; others' candidates are passed over. The candidates
   * are found first, in the index: with the lock in the same statement H2 locks and sorts the whole
   * queue.
   */
  Optional<Job> lockNext() {
    List<String> candidates =
        jdbc.sql(
                """
                select id from jobs where state = 'queued'
                order by state, priority desc, created_at, id fetch first 16 rows only
                """)
            .query(String.class)
            .list();
    return candidates.stream()
        .flatMap(
            id ->
                one("where id = :id and state = 'queued' for update skip locked", Map.of("id", id))
                    .stream())
        .findFirst();
  }

  /** The jobs of these ids that there are, newest first. */
  List<Job> findAll(List<String> ids) {
    return ids.isEmpty()
        ? List.of()
        : query("where id in (:ids) order by id desc", Map.of("ids", ids));
  }

  /** How far a job's log goes; empty if there is no such job. */
  Optional<Jobs.Log> log(String id) {
    return jdbc.sql("select last_sequence, state from jobs where id = ?")
        .param(id)
        .query(
            (rs, row) ->
                new Jobs.Log(
                    rs.getLong("last_sequence"), JobState.of(rs.getString("state")).terminal()))
        .optional();
  }

  /** The queue in its order. */
  List<QueueOrder.Place> waiting() {
    return jdbc.sql(
            """
            select priority, created_at, id, owner from jobs where state = 'queued'
            order by state, priority desc, created_at, id
            """)
        .query(
            (rs, row) ->
                new QueueOrder.Place(
                    rs.getInt("priority"),
                    Objects.requireNonNull(instant(rs, "created_at")),
                    rs.getString("id"),
                    rs.getString("owner")))
        .list();
  }

  Map<JobState, Long> countByState() {
    Map<JobState, Long> counts = new HashMap<>();
    jdbc.sql("select state, count(*) as n from jobs group by state")
        .query(
            rs -> {
              counts.put(JobState.of(rs.getString("state")), rs.getLong("n"));
            });
    return counts;
  }

  /** A job that has not ended and needs the dataset. */
  Optional<String> openJobOn(String datasetId) {
    return jdbc.sql(
            """
            select id from jobs where dataset_id = :id
              and state not in ('succeeded', 'failed', 'cancelled')
            fetch first 1 rows only
            """)
        .param("id", datasetId)
        .query(String.class)
        .optional();
  }

  void delete(String id) {
    jdbc.sql("delete from jobs where id = ?").param(id).update();
  }

  // Leases are told by the database's clock: servers need not agree on the time.

  void lease(String id, String owner, Duration time) {
    jdbc.sql(
            """
            update jobs set lease_owner = :owner,
              lease_expires_at = current_timestamp + cast(:seconds as integer) * interval '1' second
            where id = :id
            """)
        .param("owner", owner)
        .param("seconds", time.toSeconds())
        .param("id", id)
        .update();
  }

  void renewLeases(String owner, List<String> ids, Duration time) {
    if (ids.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            update jobs set lease_expires_at = current_timestamp + cast(:seconds as integer) * interval '1' second
            where id in (:ids) and lease_owner = :owner and lease_expires_at > current_timestamp and state in
            """
                + HELD)
        .param("ids", ids)
        .param("owner", owner)
        .param("seconds", time.toSeconds())
        .update();
  }

  /** Gives the job to {@code owner} if its lease has run out. */
  boolean takeLease(String id, String owner, Duration time) {
    int taken =
        jdbc.sql(
                """
                update jobs set lease_owner = :owner,
                  lease_expires_at = current_timestamp + cast(:seconds as integer) * interval '1' second
                where id = :id and lease_expires_at < current_timestamp
                """)
            .param("owner", owner)
            .param("seconds", time.toSeconds())
            .param("id", id)
            .update();
    return taken == 1;
  }

  List<String> heldBy(String owner) {
    return jdbc.sql("select id from jobs where lease_owner = :owner and state in " + HELD)
        .param("owner", owner)
        .query(String.class)
        .list();
  }

  List<String> expired() {
    return jdbc.sql(
            "select id from jobs where lease_expires_at < current_timestamp and state in " + HELD)
        .query(String.class)
        .list();
  }

  private Optional<Job> one(String where, Map<String, ?> params) {
    return query(where, params).stream().findFirst();
  }

  private List<Job> query(String where, Map<String, ?> params) {
    return jdbc.sql("select * from jobs " + where)
        .params(params)
        .query((rs, row) -> JobRow.read(rs))
        .list();
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= 4000 ? text : text.substring(0, 3999) + "…";
  }
}
