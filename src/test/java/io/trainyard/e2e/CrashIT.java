package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Processes are killed; no job and no event is lost. */
class CrashIT {
  /** So that a server's only child is the runner at work. */
  private static final String NO_SPARE = "--trainyard.runner.spare=false";

  /** So that a slot stays free beside a job at work: then there is a spare runner as well. */
  private static final String ROOM = "--trainyard.runner.slots=2";

  /** Some seconds, so that what a test does to it in mid-training does not come too late. */
  private static final int EPOCHS = 800;

  /** For what needs no server of its own. */
  private static ServerProcess shared;

  private static Api api;

  @TempDir Path home;

  @BeforeAll
  static void start(@TempDir Path home) {
    shared = ServerProcess.start(home, NO_SPARE, "--trainyard.runner.cancel-grace=1s");
    api = new Api(shared.url());
  }

  @AfterAll
  static void stop() {
    shared.close();
  }

  @BeforeEach
  void theLastRunnerIsGone() {
    Awaitility.await("no runner").until(() -> shared.runners().isEmpty());
  }

  private static String job() {
    return Api.longJob("survivor", EPOCHS);
  }

  private static ProcessHandle runner(ServerProcess server) {
    Awaitility.await("a runner").until(() -> server.runner() != null);
    return Objects.requireNonNull(server.runner());
  }

  @Test
  void aKilledRunnerIsFollowedByAnotherAttempt() throws Exception {
    String id = api.submit(job());
    api.awaitJob(id, job -> job.get("epoch").intValue() >= 5);
    EventReader reader = EventReader.open(api, id);

    runner(shared).destroyForcibly();
    JsonNode ended = api.ended(id);
    reader.end().get(60, TimeUnit.SECONDS);

    assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
    assertThat(ended.get("attempt").intValue()).isEqualTo(2);
    assertEveryEpochOnce(reader, EPOCHS);
    assertThat(reader.named("job.warning")).hasSize(1);
    JsonNode attempts = api.get("/v1/jobs/" + id + "/attempts").expect(200).json().get("data");
    assertThat(attempts.get(0).get("outcome").stringValue()).isEqualTo("lost");
    assertThat(attempts.get(0).get("exit_code").intValue()).isEqualTo(137);
    assertThat(attempts.get(1).get("outcome").stringValue()).isEqualTo("succeeded");
  }

  @Test
  void anEpochThatKillsItsRunnerTwiceFailsTheJob() {
    // One epoch of a minute: both kills fall into it.
    String id =
        api.submit(
            Api.longJob("killer")
                .replace("\"samples\": 4000", "\"samples\": 600000")
                .replace("\"batch_size\": 16", "\"batch_size\": 1"));
    ProcessHandle first = runner(shared);
    api.awaitJob(id, job -> "running".equals(job.get("state").stringValue()));
    first.destroyForcibly();
    api.awaitJob(
        id,
        job ->
            job.get("attempt").intValue() == 2 && "running".equals(job.get("state").stringValue()));
    runner(shared).destroyForcibly();

    JsonNode ended = api.ended(id);
    assertThat(ended.get("state").stringValue()).isEqualTo("failed");
    assertThat(ended.get("reason").stringValue()).isEqualTo("native_crash");
    assertThat(ended.get("error").get("detail").stringValue()).contains("SIGKILL");
  }

  @Test
  void aKilledServerTakesItsRunnersAlongAndItsJobsGoOnAfterARestart() throws Exception {
    String id;
    List<EventReader.Received> before;
    try (ServerProcess server = ServerProcess.start(home, ROOM)) {
      Api own = new Api(server.url());
      id = own.submit(job());
      EventReader reader = EventReader.open(own, id);
      own.awaitJob(id, job -> job.get("epoch").intValue() >= 5);
      List<ProcessHandle> runners = awaitSpare(server);
      before = List.copyOf(reader.events);

      server.kill();

      for (ProcessHandle runner : runners) {
        runner.onExit().get(30, TimeUnit.SECONDS);
      }
    }
    try (ServerProcess server = ServerProcess.start(home)) {
      Api own = new Api(server.url());
      JsonNode ended = own.ended(id);
      EventReader reader = EventReader.open(own, id);
      reader.end().get(60, TimeUnit.SECONDS);

      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(2);
      assertThat(reader.events.subList(0, before.size()).stream().map(e -> e.id() + e.data()))
          .as("what was seen before is still there")
          .containsExactlyElementsOf(before.stream().map(e -> e.id() + e.data()).toList());
      assertEveryEpochOnce(reader, EPOCHS);
    }
  }

  @Test
  void aServerThatStopsEndsItsRunnersAndStreamsAndGivesItsJobsBack() throws Exception {
    String id;
    try (ServerProcess server = ServerProcess.start(home, ROOM)) {
      Api own = new Api(server.url());
      id = own.submit(Api.longJob("handed-back"));
      EventReader reader = EventReader.open(own, id);
      own.awaitJob(id, job -> job.get("epoch").intValue() >= 1);
      List<ProcessHandle> runners = awaitSpare(server);

      server.terminate();

      assertThat(runners).noneMatch(ProcessHandle::isAlive);
      reader.end().get(30, TimeUnit.SECONDS);
    }
    try (ServerProcess server = ServerProcess.start(home)) {
      Api own = new Api(server.url());
      JsonNode running = own.awaitJob(id, job -> "running".equals(job.get("state").stringValue()));
      assertThat(running.get("attempt").intValue()).isEqualTo(2);
      assertThat(own.get("/v1/jobs/" + id + "/attempts").json().at("/data/0/outcome").stringValue())
          .isEqualTo("handed_back");
      own.post("/v1/jobs/" + id + "/cancel").expect(202);
      own.ended(id);
    }
  }

  @Test
  void aRunnerThatDoesNotAnswerACancelIsKilled() throws Exception {
    String id = api.submit(Api.longJob("hung"));
    api.awaitJob(id, job -> job.get("epoch").intValue() >= 1);
    new ProcessBuilder("kill", "-STOP", Long.toString(runner(shared).pid())).start().waitFor();

    api.post("/v1/jobs/" + id + "/cancel").expect(202);

    Awaitility.await().until(() -> api.job(id).get("state").stringValue().equals("cancelled"));
  }

  @Test
  void aSpareRunnerTakesTheNextJobAndItsDeathIsNoticed() {
    try (ServerProcess server = ServerProcess.start(home, ROOM)) {
      Api own = new Api(server.url());
      ProcessHandle spare = runner(server);
      String id = own.submit(job());
      own.awaitJob(id, job -> job.get("epoch").intValue() >= 5);
      assertThat(awaitSpare(server)).as("it runs the job, and there is another").contains(spare);

      spare.destroyForcibly();

      JsonNode ended = own.ended(id);
      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(2);
      assertThat(own.get("/v1/jobs/" + id + "/logs").expect(200).body())
          .contains("attempt 1 of " + id, "attempt 2 of " + id);
    }
  }

  @Test
  void aDeadSpareRunnerCostsNoAttempt() {
    try (ServerProcess server = ServerProcess.start(home)) {
      Api own = new Api(server.url());
      ProcessHandle spare = runner(server);
      spare.destroyForcibly();
      spare.onExit().join();

      JsonNode ended = own.ended(own.submit(Api.shortJob("without-a-spare")));

      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);
    }
  }

  /** The runner at work and the one kept ready. */
  private static List<ProcessHandle> awaitSpare(ServerProcess server) {
    Awaitility.await("a spare runner").until(() -> server.runners().size() == 2);
    return server.runners();
  }

  private static void assertEveryEpochOnce(EventReader reader, int epochs) {
    assertThat(reader.named("job.epoch").stream().map(e -> e.data().get("epoch").intValue()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, epochs).boxed().toList());
  }
}
