package io.trainyard.jobs;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReply.Command;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What stores jobs and runs them on a database, and short ways to use it. */
abstract class StoredJobs {
  static final Duration LEASE = Duration.ofSeconds(30);

  final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
  JobRuns runs;
  JobRepository jobs;
  JobListing listing;
  QueueOrder queue;
  EventRepository events;
  Ids ids;

  abstract DataSource freshDatabase();

  @BeforeEach
  void start(@TempDir Path home) {
    Map<String, Object> properties = Map.of("trainyard.home", home.toString());
    context
        .getEnvironment()
        .getPropertySources()
        .addFirst(new MapPropertySource("test", properties));
    context.registerBean(DataSource.class, this::freshDatabase);
    context.register(JobsOnADatabase.class);
    context.refresh();
    runs = context.getBean(JobRuns.class);
    jobs = context.getBean(JobRepository.class);
    listing = context.getBean(JobListing.class);
    queue = context.getBean(QueueOrder.class);
    events = context.getBean(EventRepository.class);
    ids = context.getBean(Ids.class);
  }

  @AfterEach
  void stop() {
    context.close();
  }

  String queued(int priority) {
    return queued(priority, "job");
  }

  String queued(int priority, String name) {
    String id = ids.next("job");
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    JobSpec spec =
        new JobSpec(
            "local",
            name,
            Json.object(),
            null,
            null,
            10,
            1,
            priority,
            null,
            Map.of("k", "v"),
            now,
            null);
    new TransactionTemplate(context.getBean(JdbcTransactionManager.class))
        .executeWithoutResult(
            status -> context.getBean(JobStore.class).insert(Job.submitted(id, spec)));
    return id;
  }

  JobRuns.Claim claim() {
    return runs.claim("me", LEASE).orElseThrow();
  }

  Command report(JobRuns.Claim claim, long batch, RunEvent... reported) {
    return runs.report(claim.id(), claim.token(), new RunReport(batch, 1, List.of(reported)));
  }

  List<String> list(@Nullable JobState state, Map<String, String> tags, @Nullable String after) {
    return listing.ids(new JobFilter(state, tags, after), null, 10);
  }

  Job job(String id) {
    return jobs.find(id).orElseThrow();
  }
}
