package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.TestDatabases;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Two servers on one PostgreSQL. */
@EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
class ReplicasIT {
  /** More by hand: {@code -Dtrainyard.test.replicas.jobs=200}. */
  private static final int JOBS = Integer.getInteger("trainyard.test.replicas.jobs", 12);

  private static final long SEED = Long.getLong("trainyard.test.replicas.seed", 42);
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final int EPOCHS = 40;

  private static Replica replica(Path home, TestDatabases.Postgres database, String... more) {
    List<String> arguments = new ArrayList<>(database.arguments());
    arguments.addAll(
        List.of("--trainyard.lease=" + LEASE.toSeconds() + "s", "--trainyard.runner.spare=false"));
    arguments.addAll(List.of(more));
    return new Replica(home, arguments.toArray(String[]::new));
  }

  private static void pass(Duration time) {
    Awaitility.await().pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
  }

  @Test
  void anyServerAnswersForAJobThatAnotherRuns(@TempDir Path home) throws Exception {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    try (Replica runs = replica(home.resolve("a"), database);
        Replica asked = replica(home.resolve("b"), database, "--trainyard.runner.slots=0")) {
      Api api = asked.api();
      int epochs = 800;
      String id = api.submit(Api.longJob("elsewhere", epochs));
      EventReader reader = EventReader.open(api, id);
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 5);
      assertThat(runs.server().runners()).hasSize(1);
      assertThat(asked.server().runners()).isEmpty();
      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");

      reader.end().get(30, TimeUnit.SECONDS);
      assertThat(reader.named("job.epoch").stream().map(e -> e.data().get("epoch").intValue()))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, epochs).boxed().toList());
      Instant end = Instant.parse(api.job(id).get("finished_at").stringValue());
      assertThat(reader.named("job.epoch"))
          .as("live, not only at the end")
          .anyMatch(e -> e.at().isBefore(end));
      String cancelled = api.submit(Api.longJob("cancelled-elsewhere"));
      api.awaitJob(cancelled, job -> job.get("epoch").intValue() >= 1);
      api.post("/v1/jobs/" + cancelled + "/cancel").expect(202);
      assertThat(api.ended(cancelled).get("state").stringValue()).isEqualTo("cancelled");
      assertThat(api.get("/v1/jobs/" + id + "/metrics?limit=1000").json().get("data"))
          .hasSize(epochs);
    }
  }

  @Test
  void theJobOfAStoppedServerGoesOnElsewhereAndItsRunnerIsRefused(@TempDir Path home)
      throws Exception {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    try (Replica one = replica(home.resolve("a"), database);
        Replica two = replica(home.resolve("b"), database)) {
      int epochs = 800;
      String id = one.api().submit(Api.longJob("wandering", epochs));
      one.api().awaitJob(id, job -> job.get("epoch").intValue() >= 5);
      Replica owner = one.server().runners().isEmpty() ? two : one;
      Replica other = owner == one ? two : one;
      ProcessHandle stale = owner.server().runners().get(0);
      EventReader reader = EventReader.open(other.api(), id);

      owner.pause();
      other.api().awaitJob(id, job -> job.get("attempt").intValue() == 2);
      assertThat(stale.isAlive()).as("it knows nothing of the other one").isTrue();
      other.api().awaitJob(id, job -> "running".equals(job.get("state").stringValue()));
      owner.resume();

      stale.onExit().get(60, TimeUnit.SECONDS);
      assertThat(other.api().ended(id).get("state").stringValue()).isEqualTo("succeeded");
      reader.end().get(30, TimeUnit.SECONDS);
      assertThat(reader.named("job.epoch").stream().map(e -> e.data().get("epoch").intValue()))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, epochs).boxed().toList());
      Awaitility.await()
          .untilAsserted(
              () -> {
                JobTrace trace = JobTrace.of(database.dataSource(), id, epochs);
                assertThat(trace.fenced()).isEqualTo(1);
                assertThat(trace.lost()).isEqualTo(1);
                assertThat(trace.faults()).isEmpty();
              });
    }
  }

  /** As one that was stopped in mid-transaction, until PostgreSQL ends its session. */
  @Test
  void aJobThatIsLockedHoldsUpNoOther(@TempDir Path home) throws Exception {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    try (Replica one = replica(home.resolve("a"), database);
        Replica two = replica(home.resolve("b"), database);
        Connection session = database.dataSource().getConnection()) {
      String locked = one.api().submit(Api.longJob("locked", 800));
      one.api().awaitJob(locked, job -> job.get("epoch").intValue() >= 1);
      Replica owner = one.server().runners().isEmpty() ? two : one;
      Replica other = owner == one ? two : one;
      session.setAutoCommit(false);
      try (PreparedStatement lock =
          session.prepareStatement("select id from jobs where id = ? for update")) {
        lock.setString(1, locked);
        lock.executeQuery().close();
      }
      owner.kill();
      pass(LEASE.plusSeconds(2));

      String free = other.api().submit(Api.longJob("free", 20));
      assertThat(other.api().ended(free).get("state").stringValue()).isEqualTo("succeeded");
      assertThat(other.api().job(locked).get("attempt").intValue()).isEqualTo(1);
      session.rollback();

      JsonNode ended = other.api().ended(locked);
      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(2);
    }
  }

  @Test
  void eachJobEndsOnceWhileServersAreKilledAndStopped(@TempDir Path home) throws Exception {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    Random random = new Random(SEED);
    int kills = 0;
    int stops = 0;
    long begun = System.nanoTime();
    try (Replica one = replica(home.resolve("a"), database);
        Replica two = replica(home.resolve("b"), database)) {
      List<Replica> replicas = List.of(one, two);
      CompletableFuture<List<String>> submitted =
          CompletableFuture.supplyAsync(() -> submitAll(replicas));
      JdbcClient jdbc = JdbcClient.create(database.dataSource());
      // One of each at least, then by chance.
      while (kills == 0 || stops == 0 || !submitted.isDone() || open(jdbc) > 0) {
        Replica victim = replicas.get(random.nextInt(2));
        if (kills <= stops && (kills == 0 || random.nextBoolean())) {
          victim.kill();
          kills++;
          // At times soon enough to take its jobs back, at times not.
          pass(Duration.ofMillis(random.nextInt(5000)));
          victim.start();
        } else {
          victim.pause();
          stops++;
          pass(LEASE.plusMillis(500 + random.nextInt(3000)));
          victim.resume();
        }
        pass(Duration.ofMillis(1000 + random.nextInt(4000)));
      }
      List<JobTrace> traces =
          submitted.get().stream()
              .map(id -> JobTrace.of(database.dataSource(), id, EPOCHS))
              .toList();
      tell(traces, kills, stops, Duration.ofNanos(System.nanoTime() - begun));

      assertThat(submitted.get()).hasSize(JOBS).doesNotHaveDuplicates();
      assertThat(jdbc.sql("select count(*) from jobs").query(Integer.class).single())
          .as("no request that was sent again made a second job")
          .isEqualTo(JOBS);
      assertThat(traces).extracting(JobTrace::state).containsOnly("succeeded");
      assertThat(traces).allSatisfy(t -> assertThat(t.faults()).isEmpty());
      assertThat(traces).extracting(JobTrace::duplicates).containsOnly(0);
      assertThat(traces).extracting(JobTrace::gaps).containsOnly(0);
      assertThat(traces)
          .as("all jobs are the same, and no epoch of one is by a mixture of runs")
          .extracting(JobTrace::losses)
          .containsOnly(traces.get(0).losses());
      String last = submitted.get().get(JOBS - 1);
      for (Replica replica : replicas) {
        assertThat(replica.api().job(last).get("state").stringValue()).isEqualTo("succeeded");
      }
    }
  }

  private static void tell(List<JobTrace> traces, int kills, int stops, Duration time) {
    System.out.printf(
        "two servers: jobs %d, kills %d (restarts %d), stops past the lease %d, attempts %d, lost"
            + " %d, handed back %d, refused runners %d, duplicates %d, gaps %d, in %d s%n",
        traces.size(),
        kills,
        kills,
        stops,
        traces.stream().mapToInt(JobTrace::attempts).sum(),
        traces.stream().mapToInt(JobTrace::lost).sum(),
        traces.stream().mapToInt(JobTrace::handedBack).sum(),
        traces.stream().mapToInt(JobTrace::fenced).sum(),
        traces.stream().mapToInt(JobTrace::duplicates).sum(),
        traces.stream().mapToInt(JobTrace::gaps).sum(),
        time.toSeconds());
  }

  private static int open(JdbcClient jdbc) {
    return jdbc.sql("select count(*) from jobs where state not in ('succeeded', 'failed')")
        .query(Integer.class)
        .single();
  }

  /** As a client does that wants its jobs run: to whatever server answers, and again if none. */
  private static List<String> submitAll(List<Replica> replicas) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      String key = "job-" + i;
      String[] id = new String[1];
      int[] turn = {i};
      Awaitility.await("submission of " + key)
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                Replica replica = replicas.get(turn[0]++ % replicas.size());
                id[0] = replica.isUp() ? post(replica.server().url(), key) : null;
                return id[0] != null;
              });
      ids.add(id[0]);
    }
    return ids;
  }

  private static @org.jspecify.annotations.Nullable String post(String url, String key)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/jobs"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(Api.longJob("chaos", EPOCHS)))
            .build();
    try {
      HttpResponse<String> answer = Api.HTTP.send(request, BodyHandlers.ofString());
      return answer.statusCode() == 202
          ? Json.MAPPER.readTree(answer.body()).get("id").stringValue()
          : null;
    } catch (IOException e) {
      return null; // killed or stopped meanwhile
    }
  }
}
