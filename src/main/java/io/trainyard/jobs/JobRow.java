package io.trainyard.jobs;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.integer;
import static io.trainyard.shared.Sql.number;

import io.trainyard.shared.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A row of the jobs table as a job. */
final class JobRow {
  private JobRow() {}

  static Job read(ResultSet rs) throws SQLException {
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(rs.getString("document"));
    Instant created = Objects.requireNonNull(instant(rs, "created_at"));
    Map<String, String> tags = new HashMap<>();
    document.path("tags").properties().forEach(t -> tags.put(t.getKey(), t.getValue().asString()));
    JobSpec spec =
        new JobSpec(
            rs.getString("owner"),
            rs.getString("name"),
            document,
            rs.getString("model_id"),
            rs.getString("dataset_id"),
            rs.getInt("epochs"),
            rs.getLong("seed"),
            rs.getInt("priority"),
            number(rs, "max_runtime_seconds"),
            tags,
            created,
            lineage(rs));
    RunHistory runs =
        new RunHistory(
            rs.getInt("attempt"),
            rs.getInt("crashes"),
            rs.getInt("crash_epoch"),
            rs.getString("device"),
            rs.getString("phase"),
            Objects.requireNonNull(instant(rs, "queued_at")),
            instant(rs, "started_at"),
            integer(rs, "checkpoint_asked"));
    Progress progress =
        new Progress(
            rs.getInt("epoch"),
            rs.getDouble("progress"),
            number(rs, "train_loss"),
            number(rs, "validation_loss"),
            number(rs, "best_loss"),
            rs.getInt("best_epoch"),
            instant(rs, "since"),
            Objects.requireNonNull(integer(rs, "since_epoch")),
            instant(rs, "progress_at"));
    String reason = rs.getString("reason");
    Outcome outcome =
        new Outcome(
            reason == null ? null : Reason.of(reason),
            rs.getString("error"),
            instant(rs, "finished_at"));
    return new Job(
        rs.getString("id"),
        spec,
        JobState.of(rs.getString("state")),
        runs,
        progress,
        outcome,
        rs.getLong("last_sequence"));
  }

  private static @Nullable Lineage lineage(ResultSet rs) throws SQLException {
    String kind = rs.getString("lineage_kind");
    return kind == null
        ? null
        : new Lineage(
            Lineage.Kind.of(kind), rs.getString("lineage_job"), integer(rs, "lineage_checkpoint"));
  }
}
