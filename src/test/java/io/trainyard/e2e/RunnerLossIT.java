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

/** Each way in which a runner can go has its reason, its log and its rule. */
class RunnerLossIT {
  /** So that a server's only child is the runner at work. */
  private static final String NO_SPARE = "--trainyard.runner.spare=false";

  /** So that a job may ask for more memory than there is. */
  private static final List<String> NO_LIMITS =
      List.of("--trainyard.limits.memory=1000TB", "--trainyard.limits.parameters=1000000000000");

  /** Some seconds, so that what a test does to it in mid-training does not come too late. */
  private static final int EPOCHS = 800;

  /** For what needs no settings of its own. */
  private static ServerProcess server;

  private static Api api;

  @BeforeAll
  static void start(@TempDir Path home) {
    server = ServerProcess.start(home, NO_SPARE, NO_LIMITS.get(0), NO_LIMITS.get(1));
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void theLastRunnerIsGone() {
    Awaitility.await("no runner").until(() -> server.runners().isEmpty());
  }

  private static String job(String name) {
    return Api.longJob(name, EPOCHS);
  }

  private static long runner(ServerProcess server) {
    Awaitility.await("a runner").until(() -> server.runner() != null);
    return Objects.requireNonNull(server.runner()).pid();
  }

  private static JsonNode attempt(Api api, String id, int number) {
    return api.get("/v1/jobs/" + id + "/attempts").expect(200).json().at("/data/" + (number - 1));
  }

  private static String crashLog(Api api, String id) {
    List<String> names =
        api.get("/v1/jobs/" + id + "/artifacts")
            .expect(200)
            .json()
            .get("data")
            .valueStream()
            .map(a -> a.get("name").stringValue())
            .toList();
    assertThat(names).contains("crash-1.log");
    return api.get("/v1/jobs/" + id + "/artifacts/crash-1.log").expect(200).body();
  }

  /** The job goes on to its end, with every epoch once; gives why its first run was lost. */
  private static String reasonOfRetry(Api api, String id) throws Exception {
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    assertThat(api.job(id).get("attempt").intValue()).isEqualTo(2);
    EventReader reader = EventReader.open(api, id);
    reader.end().get(60, TimeUnit.SECONDS);
    assertThat(reader.named("job.epoch").stream().map(e -> e.data().get("epoch").intValue()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, EPOCHS).boxed().toList());
    return reader.named("job.state").stream()
        .map(EventReader.Received::data)
        .filter(e -> e.get("state").stringValue().equals("queued") && e.has("reason"))
        .map(e -> e.get("reason").stringValue())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRunnerThatHangsIsKilledAndReplaced(@TempDir Path home) throws Exception {
    try (ServerProcess own =
        ServerProcess.start(home, NO_SPARE, "--trainyard.runner.hang-limit=12s")) {
      Api client = new Api(own.url());
      String id = client.submit(job("hung"));
      client.awaitJob(id, job -> job.get("epoch").intValue() >= 3);

      ServerProcess.signal("STOP", runner(own));

      assertThat(reasonOfRetry(client, id)).isEqualTo("lease_expired");
      assertThat(attempt(client, id, 1).get("outcome").stringValue()).isEqualTo("lost");
      assertThat(attempt(client, id, 1).get("exit_code").intValue()).isEqualTo(137);
      assertThat(crashLog(client, id))
          .startsWith("attempt 1 did not report for 12 s and was killed");
    }
  }

  @Test
  void anAbortedRunnerLeavesWhatItPrintedLast() throws Exception {
    String id = api.submit(job("aborted"));
    api.awaitJob(id, job -> job.get("epoch").intValue() >= 3);

    ServerProcess.signal("ABRT", runner(server));

    assertThat(reasonOfRetry(api, id)).isEqualTo("native_crash");
    assertThat(crashLog(api, id)).contains("SIGABRT", "attempt 1 of " + id);
  }

  @Test
  void aCrashedRunnerLeavesTheReportOfItsJvm() throws Exception {
    String id = api.submit(job("crashed"));
    api.awaitJob(id, job -> job.get("epoch").intValue() >= 3);

    ServerProcess.signal("SEGV", runner(server));

    assertThat(reasonOfRetry(api, id)).isEqualTo("native_crash");
    assertThat(crashLog(api, id))
        .contains("A fatal error has been detected by the Java Runtime Environment", "SIGSEGV");
    assertThat(api.get("/v1/jobs/" + id + "/logs").expect(200).body())
        .contains("A fatal error has been detected by the Java Runtime Environment");
  }

  @Test
  void aRunnerWithoutHeapIsNotTriedAgain(@TempDir Path home) {
    try (ServerProcess own = ServerProcess.start(home, NO_SPARE, "--trainyard.runner.heap=8MB")) {
      Api client = new Api(own.url());
      String id = client.submit(job("no-heap"));

      JsonNode ended = client.ended(id);

      assertThat(ended.get("state").stringValue()).isEqualTo("failed");
      assertThat(ended.get("reason").stringValue()).isEqualTo("out_of_memory");
      assertThat(ended.at("/error/detail").stringValue()).contains("trainyard.runner.heap");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);
      assertThat(attempt(client, id, 1).get("exit_code").intValue()).isEqualTo(3);
      assertThat(crashLog(client, id)).contains("OutOfMemoryError");
    }
  }

  @Test
  void aRunnerWithoutNativeMemoryIsNotTriedAgain() {
    // Weights of 3.6 TB.
    String id =
        api.submit(
            """
            {"model": {"layers": [{"type": "Linear", "in_features": 1000000, "out_features": 900000}]},
             "dataset": {"type": "synthetic", "seed": 1, "samples": 2, "input_shape": [1000000], "target_shape": [900000]},
             "loss": {"type": "MSELoss"}, "optimizer": {"type": "SGD", "lr": 0.01}, "epochs": 1}
            """);

    JsonNode ended = api.ended(id);

    assertThat(ended.get("state").stringValue()).isEqualTo("failed");
    assertThat(ended.get("reason").stringValue()).isEqualTo("out_of_memory");
    assertThat(ended.get("attempt").intValue()).isEqualTo(1);
  }
}
