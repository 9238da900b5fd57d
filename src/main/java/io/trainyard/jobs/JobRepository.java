package io.trainyard.jobs;

import static io.trainyard.shared.Sql.optionalTimestamp;
import static io.trainyard.shared.Sql.timestamp;

import io.trainyard.shared.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    jdbc.sql(
            """
            insert into jobs (id, name, document, model_id, dataset_id, epochs, seed, priority,
              max_runtime_seconds, created_at, state, attempt, crashes, crash_epoch, epoch,
              progress, best_epoch, last_sequence, queued_at, since_epoch)
            values (:id, :name, :document, :model, :dataset, :epochs, :seed, :priority,
              :maxRuntime, :created, 'queued', 0, 0, -1, 0, 0, 0, 0, :created, 0)
            """)
        .param("id", job.id())
        .param("name", spec.name())
        .param("document", Json.write(spec.document()))
        .param("model", spec.modelId())
        .param("dataset", spec.datasetId())
        .param("epochs", spec.epochs())
        .param("seed", spec.seed())
        .param("priority", spec.priority())
        .param("maxRuntime", spec.maxRuntimeSeconds())
        .param("created", timestamp(spec.createdAt()))
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
              finished_at = :finished%s
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

  /** The job that is next in the queue, locked; others' candidates are passed over. */
  Optional<Job> lockNext() {
    return one(
        """
        where state = 'queued' order by priority desc, created_at, id
        fetch first 1 rows only for update skip locked
        """,
        Map.of());
  }

  /** Newest first. */
  List<Job> list(JobFilter filter, int limit) {
    List<String> conditions = new ArrayList<>();
    Map<String, Object> params = new HashMap<>();
    if (filter.state() != null) {
      conditions.add("state = :state");
      params.put("state", filter.state().word());
    }
    if (filter.after() != null) {
      conditions.add("id < :after");
      params.put("after", filter.after());
    }
    int n = 0;
    for (Map.Entry<String, String> tag : filter.tags().entrySet()) {
      conditions.add(
          "exists (select 1 from job_tags t where t.job_id = jobs.id and t.name = :name%d and t.content = :content%d)"
              .formatted(n, n));
      params.put("name" + n, tag.getKey());
      params.put("content" + n++, tag.getValue());
    }
    String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
    params.put("limit", limit);
    return query(where + " order by id desc fetch first :limit rows only", params);
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

  /** How many queued jobs are ahead of this one. */
  long ahead(Job job) {
    return jdbc.sql(
            """
            select count(*) from jobs where state = 'queued' and (priority > :priority
              or priority = :priority and (created_at < :created
                or created_at = :created and id < :id))
            """)
        .param("priority", job.spec().priority())
        .param("created", timestamp(job.spec().createdAt()))
        .param("id", job.id())
        .query(Long.class)
        .single();
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

  long countQueued() {
    return jdbc.sql("select count(*) from jobs where state = 'queued'").query(Long.class).single();
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

  int renewLeases(String owner, Duration time) {
    return jdbc.sql(
            """
            update jobs set lease_expires_at = current_timestamp + cast(:seconds as integer) * interval '1' second
            where lease_owner = :owner and lease_expires_at > current_timestamp and state in
            """
                + HELD)
        .param("owner", owner)
        .param("seconds", time.toSeconds())
        .update();
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
