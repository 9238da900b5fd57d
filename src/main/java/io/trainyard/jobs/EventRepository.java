package io.trainyard.jobs;

import static io.trainyard.shared.Sql.instant;
import static io.trainyard.shared.Sql.integer;
import static io.trainyard.shared.Sql.timestamp;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The log of what happened to each job. */
@Repository
class EventRepository {
  private static final RowMapper<EventRow> ROW =
      (rs, row) ->
          new EventRow(
              rs.getLong("sequence"),
              JobEvent.Type.of(rs.getString("type")),
              integer(rs, "epoch"),
              Objects.requireNonNull(instant(rs, "at")),
              rs.getString("content"),
              rs.getInt("events"));

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
        insert into job_events (job_id, sequence, type, epoch, at, content, events)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        EventRow.of(events).stream()
            .map(
                row ->
                    new Object[] {
                      job,
                      row.sequence(),
                      row.type().word(),
                      row.epoch(),
                      timestamp(row.at()),
                      row.content(),
                      row.events()
                    })
            .toList());
  }

  void deleteAll(String job) {
    jdbc.sql("delete from job_events where job_id = ?").param(job).update();
  }

  // A row is found by its last event. So the first row after a number may begin before it, and what
  // bounds the rows by number is the reach of those that hold the last events that are wanted. The
  // orders name the job, which is one: H2 takes the index of an order that it finds there whole.
  // Nor does it use an index for a list of values of its second column.

  /** The events after a sequence number, in order. */
  List<JobEvent> after(String job, long sequence, int limit) {
    List<EventRow> rows =
        jdbc.sql(
                """
                select * from job_events
                where job_id = :job and sequence > :sequence and sequence < :end
                order by job_id, sequence fetch first :limit rows only
                """)
            .param("job", job)
            .param("sequence", sequence)
            .param("end", sequence + limit + EventRow.MOST_EVENTS)
            .param("limit", limit)
            .query(ROW)
            .list();
    return events(rows, event -> event.sequence() > sequence, limit);
  }

  /** The epochs after one, in order. A fork's begin where its checkpoint was. */
  List<JobEvent> epochsAfter(String job, int epoch, int limit) {
    List<EventRow> rows =
        jdbc.sql(
                """
                select * from job_events
                where job_id = :job and epoch > :epoch and epoch < :reach + (
                  select epoch from job_events where job_id = :job and epoch > :epoch
                  order by job_id, epoch fetch first 1 row only)
                order by job_id, epoch fetch first :limit rows only
                """)
            .param("job", job)
            .param("epoch", epoch)
            .param("reach", limit + EventRow.MOST_EVENTS)
            .param("limit", limit)
            .query(ROW)
            .list();
    return events(rows, event -> event.epoch() != null && event.epoch() > epoch, limit);
  }

  /** Those of some epochs that are there, in order. */
  List<JobEvent> epochs(String job, List<Integer> epochs) {
    String wanted =
        epochs.stream().map(epoch -> "(" + epoch + ")").collect(Collectors.joining(", "));
    Set<Integer> rows = new TreeSet<>();
    jdbc.sql(
            """
            select (select epoch from job_events where job_id = :job and epoch >= wanted.e
                    order by job_id, epoch fetch first 1 row only) as found
            from (values %s) as wanted(e)
            """
                .formatted(wanted))
        .param("job", job)
        .query(
            rs -> {
              Integer found = integer(rs, "found");
              if (found != null) {
                rows.add(found);
              }
            });
    if (rows.isEmpty()) {
      return List.of();
    }
    List<EventRow> found =
        jdbc.sql(
                """
                select * from job_events where (job_id, epoch) in (:rows)
                order by job_id, epoch
                """)
            .param("rows", rows.stream().map(epoch -> new Object[] {job, epoch}).toList())
            .query(ROW)
            .list();
    Set<Integer> asked = Set.copyOf(epochs);
    return events(
        found, event -> event.epoch() != null && asked.contains(event.epoch()), epochs.size());
  }

  private static List<JobEvent> events(List<EventRow> rows, Predicate<JobEvent> wanted, int limit) {
    List<JobEvent> events = new ArrayList<>();
    rows.forEach(row -> row.addTo(events));
    return events.stream().filter(wanted).limit(limit).toList();
  }
}
