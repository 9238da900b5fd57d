package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.trainyard.cluster.TestCluster;
import io.trainyard.cluster.TestKubelet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The packaged server with jobs as Jobs: real runners, started from the manifests. */
class KubernetesIT {
  /** Some seconds, so that what a test does to it in mid-training does not come too late. */
  private static final int EPOCHS = 800;

  @TempDir Path home;
  @TempDir Path pods;

  private TestCluster cluster;
  private TestKubelet kubelet;

  @BeforeEach
  void start() {
    cluster = new TestCluster();
    kubelet = new TestKubelet(cluster, pods);
  }

  @AfterEach
  void stop() {
    kubelet.close();
    cluster.close();
  }

  private ServerProcess server(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--trainyard.launcher=kubernetes",
                "--trainyard.kubernetes.api-server=" + cluster.url(),
                "--trainyard.kubernetes.namespace=" + TestCluster.NAMESPACE,
                "--trainyard.kubernetes.image=trainyard:test",
                "--trainyard.kubernetes.java="
                    + Path.of(System.getProperty("java.home"), "bin", "java"),
                "--trainyard.kubernetes.class-path="
                    + Path.of(System.getProperty("trainyard.test.jar")).toAbsolutePath()));
    arguments.addAll(List.of(more));
    return ServerProcess.start(home, arguments.toArray(String[]::new));
  }

  private static String job() {
    return Api.longJob("pod", EPOCHS);
  }

  private static String name(String id, int attempt) {
    return "trainyard-" + id.replace('_', '-') + "-" + attempt;
  }

  private static JsonNode exitCode(Api api, String id) {
    return api.get("/v1/jobs/" + id + "/attempts").expect(200).json().at("/data/0/exit_code");
  }

  private List<String> jobs() {
    return cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(TestCluster.NAMESPACE)
        .list()
        .getItems()
        .stream()
        .map(Job::getMetadata)
        .map(m -> m.getName())
        .toList();
  }

  @Test
  void aJobTrainsInAPodAndLeavesItsModelAndLog() {
    try (ServerProcess server = server()) {
      Api api = new Api(server.url());
      String id = api.submit(job());
      JsonNode ended = api.ended(id);

      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);
      assertThat(jobs()).containsExactly(name(id, 1));
      assertThat(server.runners()).as("nothing trains beside the server").isEmpty();
      assertThat(api.get("/v1/jobs/" + id + "/artifacts").expect(200).body())
          .contains("model.safetensors");
      Awaitility.await("the log, and then the end of the attempt")
          .until(
              () ->
                  api.get("/v1/jobs/" + id + "/logs")
                          .expect(200)
                          .body()
                          .contains("attempt 1 of " + id)
                      && exitCode(api, id).isNumber());
      assertThat(exitCode(api, id).intValue()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aJobGoesOnWhileItsServerIsAwayAndIsFoundAgain(boolean killed) throws Exception {
    String id;
    String port = "--server.port=" + ServerProcess.portToKeep();
    try (ServerProcess server = server(port)) {
      Api api = new Api(server.url());
      id = api.submit(job());
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 5);
      if (killed) {
        server.kill();
      } else {
        server.terminate();
      }
    }
    Process runner = kubelet.process(name(id, 1));
    assertThat(runner.isAlive()).isTrue();
    // Pods look for the Service, which has the same address before and after.
    try (ServerProcess server = server(port)) {
      Api api = new Api(server.url());
      JsonNode ended = api.ended(id);
      EventReader reader = EventReader.open(api, id);
      reader.end().get(60, TimeUnit.SECONDS);

      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);
      assertThat(jobs()).containsExactly(name(id, 1));
      assertThat(reader.named("job.epoch").stream().map(e -> e.data().get("epoch").intValue()))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, EPOCHS).boxed().toList());
      Awaitility.await("the end is seen by the server that found it")
          .until(() -> exitCode(api, id).isNumber());
    }
  }

  @Test
  void aRunnerThatEndsWhileTheServerIsAwayIsFollowedByAnotherAttempt() throws Exception {
    String id;
    String port = "--server.port=" + ServerProcess.portToKeep();
    try (ServerProcess server = server(port)) {
      Api api = new Api(server.url());
      id = api.submit(job());
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 5);
      server.kill();
    }
    kubelet.evict(name(id, 1));
    kubelet.process(name(id, 1)).waitFor();
    try (ServerProcess server = server(port)) {
      Api api = new Api(server.url());
      JsonNode ended = api.ended(id);

      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(2);
      EventReader reader = EventReader.open(api, id);
      reader.end().get(60, TimeUnit.SECONDS);
      assertThat(reader.named("job.warning"))
          .singleElement()
          .satisfies(e -> assertThat(e.data().toString()).contains("was evicted: Evicted"));
    }
  }

  @Test
  void aPodWithoutMemoryFailsItsJobAtOnceAndItsLogStays() {
    try (ServerProcess server = server()) {
      Api api = new Api(server.url());
      String id = api.submit(job());
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 5);

      kubelet.killForMemory(name(id, 1));

      JsonNode ended = api.ended(id);
      assertThat(ended.get("state").stringValue()).isEqualTo("failed");
      assertThat(ended.get("reason").stringValue()).isEqualTo("out_of_memory");
      assertThat(ended.at("/error/detail").stringValue()).contains("its limit of 2Gi");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);
      assertThat(api.get("/v1/jobs/" + id + "/logs").expect(200).body())
          .contains("attempt 1 of " + id);
    }
  }

  @Test
  void aCancelledJobEndsByItself() {
    try (ServerProcess server = server()) {
      Api api = new Api(server.url());
      String id = api.submit(Api.longJob("cancelled"));
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 1);

      api.post("/v1/jobs/" + id + "/cancel").expect(202);

      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("cancelled");
      assertThat(kubelet.process(name(id, 1)).onExit().join().exitValue()).isEqualTo(10);
      assertThat(jobs()).containsExactly(name(id, 1));
    }
  }

  @Test
  void aRunnerThatDoesNotAnswerACancelLosesItsJob() throws Exception {
    try (ServerProcess server = server("--trainyard.runner.cancel-grace=1s")) {
      Api api = new Api(server.url());
      String id = api.submit(Api.longJob("hung"));
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 1);
      Process runner = kubelet.process(name(id, 1));
      new ProcessBuilder("kill", "-STOP", Long.toString(runner.pid())).start().waitFor();

      api.post("/v1/jobs/" + id + "/cancel").expect(202);

      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("cancelled");
      assertThat(jobs()).isEmpty();
      runner.onExit().get(20, TimeUnit.SECONDS);
      assertThat(api.get("/v1/jobs/" + id + "/logs").expect(200).body())
          .contains("attempt 1 of " + id);
    }
  }

  @Test
  void aJobThatAsksForCudaGetsAPodWithAGpu() {
    try (ServerProcess server = server()) {
      Api api = new Api(server.url());
      String id =
          api.submit(Api.shortJob("gpu").replace("\"epochs\"", "\"device\": \"cuda\", \"epochs\""));
      JsonNode ended = api.ended(id);

      Job job =
          cluster
              .client()
              .batch()
              .v1()
              .jobs()
              .inNamespace(TestCluster.NAMESPACE)
              .withName(name(id, 1))
              .get();
      assertThat(
              job.getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers()
                  .get(0)
                  .getResources()
                  .getLimits())
          .containsKey("nvidia.com/gpu");
      // The runner in its stead has PyTorch for CPUs, and says so.
      assertThat(ended.get("reason").stringValue()).isEqualTo("device_unavailable");
    }
  }

  @Test
  void aRunnerEndsWhenThereIsNoServerForItsPatience() throws Exception {
    ServerProcess server = server("--trainyard.kubernetes.patience=3s");
    Api api = new Api(server.url());
    String id = api.submit(Api.longJob("orphan"));
    api.awaitJob(id, job -> job.get("epoch").intValue() >= 1);
    Process runner = kubelet.process(name(id, 1));

    server.kill();

    assertThat(runner.onExit().get(30, TimeUnit.SECONDS).exitValue()).isEqualTo(50);
    try (var logs = Files.list(pods)) {
      assertThat(logs.filter(f -> f.toString().endsWith(".log")))
          .anySatisfy(log -> assertThat(log).content().contains("no server for 3 s; ending"));
    }
  }

  @Test
  void aClusterThatIsOutOfReachKeepsJobsInTheQueue() {
    cluster.unavailable("jobs", true);
    try (ServerProcess server = server()) {
      Api api = new Api(server.url());
      String id = api.submit(Api.shortJob("patient"));
      JsonNode waiting =
          api.awaitJob(
              id,
              job ->
                  job.get("attempt").intValue() == 1
                      && "queued".equals(job.get("state").stringValue()));
      assertThat(waiting.get("reason").isNull()).isTrue();

      cluster.unavailable("jobs", false);

      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    }
  }
}
