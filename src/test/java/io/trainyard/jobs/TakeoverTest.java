package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.TestDatabases;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A run that needs no server is taken over when its server is gone, and not before. */
class TakeoverTest {
  @TempDir private Path home;

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Ids IDS = new Ids(Clock.systemUTC());

  @Test
  void onH2() {
    oneServerTakesOverWhatIsLeft(TestDatabases.freshH2());
  }

  @Test
  @EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
  void onPostgres() {
    oneServerTakesOverWhatIsLeft(TestDatabases.freshPostgres());
  }

  private void oneServerTakesOverWhatIsLeft(DataSource database) {
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      Map<String, Object> properties = Map.of("trainyard.home", home.toString());
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("test", properties));
      context.registerBean(DataSource.class, () -> database);
      context.register(JobsOnADatabase.class);
      context.refresh();
      JobRuns runs = context.getBean(JobRuns.class);
      queue(context);
      queue(context);
      queue(context);
      AttemptId left = runs.claim("dead", Duration.ofSeconds(-1)).orElseThrow().id();
      AttemptId kept = runs.claim("alive", LEASE).orElseThrow().id();
      AttemptId ended = runs.claim("dead", Duration.ofSeconds(-1)).orElseThrow().id();
      runs.exited(ended, 1, Reason.OUT_OF_MEMORY, "gone");

      assertThat(runs.adopt(left, "me", LEASE)).isTrue();
      assertThat(runs.adopt(left, "another", LEASE)).as("one is faster").isFalse();
      assertThat(runs.adopt(kept, "me", LEASE)).as("its server is there").isFalse();
      assertThat(runs.adopt(ended, "me", LEASE)).as("nothing is left of it").isFalse();
      assertThat(runs.adopt(new AttemptId(left.job(), 2), "me", LEASE)).as("no run").isFalse();
      assertThat(runs.heldBy("me")).containsExactly(left);
      assertThat(runs.expired()).isEmpty();
    }
  }

  private static void queue(AnnotationConfigApplicationContext context) {
    String id = IDS.next("job");
    JobSpec spec =
        new JobSpec(
            "local", id, Json.object(), null, null, 10, 1, 0, null, Map.of(), Instant.now(), null);
    new TransactionTemplate(context.getBean(JdbcTransactionManager.class))
        .executeWithoutResult(
            status -> context.getBean(JobStore.class).insert(Job.submitted(id, spec)));
  }
}
