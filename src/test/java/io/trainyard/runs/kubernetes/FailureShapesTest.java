package io.trainyard.runs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.trainyard.cluster.TestCluster;
import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Reason;
import io.trainyard.runs.RunLauncher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way in which a pod is known to fail, as the API server shows it, and what becomes of it.
 * All that each takes is waiting, so several are waited for at once.
 */
class FailureShapesTest {
  private static final String PRINTED = "what the runner printed\n";

  private static TestCluster cluster;
  private static LauncherFixture fixture;

  @BeforeAll
  static void start(@TempDir Path home) {
    cluster = new TestCluster();
    fixture =
        new LauncherFixture(
            cluster,
            home,
            "--trainyard.kubernetes.image-limit=200ms",
            "--trainyard.kubernetes.schedule-limit=8s");
  }

  @AfterAll
  static void stop() {
    fixture.close();
    cluster.close();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("io.trainyard.runs.kubernetes.FailureShape#all")
  void becomesAReason(FailureShape shape) throws Exception {
    AttemptId id = LauncherFixture.freshId();
    RunLauncher.Handle handle = fixture.launcher().launch(LauncherFixture.request(id));
    String name = RunnerManifests.name(id);
    cluster.log(name + "-0", () -> PRINTED);
    if (shape.pod() != null) {
      show(name, Serialization.unmarshal(shape.pod(), PodStatus.class));
    }
    if (shape.job() != null) {
      show(name, Serialization.unmarshal(shape.job(), JobStatus.class));
    }

    RunLauncher.Exit exit = handle.exit().get(30, TimeUnit.SECONDS);

    assertThat(exit.code()).isEqualTo(shape.code());
    assertThat(exit.reason()).isEqualTo(shape.reason());
    assertThat(exit.detail()).contains(shape.detail());
    Path log = fixture.directories().log(id.job(), id.attempt());
    assertThat(Files.exists(log)).isEqualTo(shape.log());
    if (shape.log()) {
      assertThat(log).hasContent(PRINTED);
    }
    assertThat(job(name) == null).as("the Job is removed").isEqualTo(shape.jobGone());
    System.out.printf(
        "| %s | %s | %s | %s |%n", shape.name(), exit.code(), exit.reason().word(), exit.detail());
  }

  /** A pod that is deleted ends like a crash; why, its Job says, and later. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @CsvSource({
    "DeadlineExceeded, DEADLINE_EXCEEDED, longer than its Job may",
    "BackoffLimitExceeded, RUNNER_LOST, 'lost its pod, which was deleted'"
  })
  void aDeletedPodIsExplainedByItsJob(String cause, Reason reason, String detail) throws Exception {
    AttemptId id = LauncherFixture.freshId();
    RunLauncher.Handle handle = fixture.launcher().launch(LauncherFixture.request(id));
    String name = RunnerManifests.name(id);
    cluster.log(name + "-0", () -> PRINTED);
    show(name, Serialization.unmarshal("{\"phase\": \"Running\"}", PodStatus.class));
    var pod = client().pods().inNamespace(TestCluster.NAMESPACE).withName(name + "-0");
    // As every pod of a Job has it: the pod stays until the Job has counted it.
    pod.edit(
        p ->
            new PodBuilder(p)
                .editMetadata()
                .addToFinalizers("batch.kubernetes.io/job-tracking")
                .endMetadata()
                .build());
    pod.delete();
    pod.editStatus(
        p -> {
          p.setStatus(
              Serialization.unmarshal(
                  """
                  {"phase": "Failed", "containerStatuses": [{"name": "runner",
                   "state": {"terminated": {"exitCode": 143, "reason": "Error"}}}]}
                  """,
                  PodStatus.class));
          return p;
        });
    Awaitility.await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofSeconds(10))
        .until(() -> !handle.exit().isDone());

    show(name, Serialization.unmarshal(FailureShape.failedJob(cause, "m"), JobStatus.class));

    RunLauncher.Exit exit = handle.exit().get(30, TimeUnit.SECONDS);
    assertThat(exit.code()).isEqualTo(143);
    assertThat(exit.reason()).isEqualTo(reason);
    assertThat(exit.detail()).contains(detail);
    assertThat(fixture.directories().log(id.job(), id.attempt())).hasContent(PRINTED);
  }

  private static @Nullable Job job(String name) {
    return client().batch().v1().jobs().inNamespace(TestCluster.NAMESPACE).withName(name).get();
  }

  private static void show(String name, JobStatus status) {
    client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(TestCluster.NAMESPACE)
        .withName(name)
        .editStatus(
            job -> {
              job.setStatus(status);
              return job;
            });
  }

  private static void show(String name, PodStatus status) {
    Job job = java.util.Objects.requireNonNull(job(name));
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name + "-0")
            .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
            .endMetadata()
            .withSpec(job.getSpec().getTemplate().getSpec())
            .withStatus(status)
            .build();
    client().pods().inNamespace(TestCluster.NAMESPACE).resource(pod).create();
  }

  private static KubernetesClient client() {
    return cluster.client();
  }
}
