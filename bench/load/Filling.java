import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Puts jobs into the database of a server that is not running; posting so many would take long. */
final class Filling {
  private Filling() {}

  /** Ids that are older than those of real jobs. */
  static String id(int number) {
    return "job_" + String.format("%026d", number);
  }

  /**
   * Jobs of the last weeks with three events each: one in a hundred has failed, one in ten thousand
   * was cancelled; half are of team red, five are rare.
   */
  static void fill(LoadServer server, int jobs) throws IOException {
    boolean postgres = server.database().contains("postgresql");
    String range = postgres ? "generate_series(1, %d) as s(x)" : "system_range(1, %d) as s(x)";
    range = range.formatted(jobs);
    String id = "'job_' || lpad(cast(x as varchar(26)), 26, '0')";
    String document = Documents.tiny(3).strip().replace("'", "''");
    run(
        server,
        """
        insert into jobs (id, name, document, epochs, seed, priority, created_at, state, reason,
          attempt, crashes, crash_epoch, epoch, progress, train_loss, best_epoch, last_sequence,
          queued_at, started_at, since_epoch, finished_at)
        select %s, 'old', '%s', 3, 3, 0, current_timestamp - x * interval '1' second,
          case when mod(x, 10000) = 1 then 'cancelled' when mod(x, 100) = 0 then 'failed'
            else 'succeeded' end,
          'completed', 1, 0, -1, 3, 1, 0.5, 3, 3, current_timestamp, current_timestamp, 0,
          current_timestamp
        from %s
        """
            .formatted(id, document, range),
        "insert into job_tags select %s, 'team', case when mod(x, 2) = 0 then 'red' else 'blue' end from %s"
            .formatted(id, range),
        "insert into job_tags select %s, 'rare', 'yes' from %s where mod(x, %d) = 0"
            .formatted(id, range, Math.max(1, jobs / 5)),
        """
        insert into job_events (job_id, sequence, type, epoch, at, content)
        select %s, e, 'job.epoch', e, current_timestamp, '{"epoch":1,"train_loss":0.5}'
        from %s, (values (1), (2), (3)) as v(e)
        """
            .formatted(id, range),
        "analyze");
  }

  static void emptyQueue(LoadServer server) throws IOException {
    run(server, "update jobs set state = 'cancelled' where state = 'queued'");
  }

  private static void run(LoadServer server, String... statements) throws IOException {
    try (Connection database =
            DriverManager.getConnection(server.database(), server.user(), server.password());
        Statement statement = database.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IOException("the database cannot be filled", e);
    }
  }
}
