package io.trainyard.runs.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.trainyard.cluster.PodSecurity;
import io.trainyard.cluster.TestCluster;
import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Reason;
import io.trainyard.runs.RunLauncher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.BeanCreationException;

/** What the launcher asks of the cluster. */
class KubernetesLauncherTest {
  @TempDir Path home;

  private TestCluster cluster;
  private @Nullable LauncherFixture fixture;

  @BeforeEach
  void start() {
    cluster = new TestCluster();
  }

  @AfterEach
  void stop() {
    if (fixture != null) {
      fixture.close();
    }
    cluster.close();
  }

  private KubernetesLauncher launcher(String... arguments) {
    fixture = new LauncherFixture(cluster, home, arguments);
    return fixture.launcher();
  }

  private @Nullable Job job(AttemptId id) {
    return cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(TestCluster.NAMESPACE)
        .withName(RunnerManifests.name(id))
        .get();
  }

  private Job launched(KubernetesLauncher launcher, RunLauncher.Request request) throws Exception {
    launcher.launch(request);
    return requireNonNull(job(request.id()));
  }

  @Test
  void aJobIsMadeForOneAttemptAndOneTry() throws Exception {
    AttemptId id = new AttemptId("job_01jd0000000000000000000abc", 2);
    Job job = launched(launcher(), LauncherFixture.request(id));

    assertThat(job.getMetadata().getName())
        .isEqualTo("trainyard-job-01jd0000000000000000000abc-2")
        .hasSizeLessThan(58);
    assertThat(job.getSpec().getBackoffLimit()).isZero();
    assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(3600);
    assertThat(job.getSpec().getActiveDeadlineSeconds()).isNull();
    assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
        .isEqualTo(job.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "trainyard")
        .containsEntry("app.kubernetes.io/instance", "trainyard")
        .containsEntry("app.kubernetes.io/component", "runner")
        .containsEntry("app.kubernetes.io/managed-by", "trainyard")
        .containsEntry("trainyard.io/job", id.job())
        .containsEntry("trainyard.io/attempt", "2");
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getRestartPolicy()).isEqualTo("Never");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(10);
    assertThat(PodSecurity.violations(pod)).isEmpty();
    Container container = pod.getContainers().get(0);
    assertThat(container.getCommand())
        .startsWith("java")
        .contains("-Xmx536870912", "-XX:+ErrorFileToStderr", "/opt/trainyard/trainyard.jar")
        .endsWith("io.trainyard.runner.RunnerMain");
    assertThat(container.getResources().getRequests())
        .isEqualTo(Map.of("cpu", new Quantity("1"), "memory", new Quantity("2Gi")));
    assertThat(container.getResources().getLimits())
        .isEqualTo(Map.of("memory", new Quantity("2Gi")));
    assertThat(environment(container))
        .containsEntry("TRAINYARD_RUN_SERVER", "http://trainyard:8080")
        .containsEntry("TRAINYARD_RUN_ATTEMPT", id.toString())
        .containsEntry("TRAINYARD_RUN_THREADS", "1")
        .containsEntry("TRAINYARD_RUN_PATIENCE", "600")
        .containsEntry("DJL_OFFLINE", "true");
  }

  @Test
  void theTokenIsInASecretThatBelongsToTheJobAndNowhereElse() throws Exception {
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    Job job = launched(launcher(), request);
    Secret secret =
        cluster
            .client()
            .secrets()
            .inNamespace(TestCluster.NAMESPACE)
            .withName(job.getMetadata().getName())
            .get();

    assertThat(Serialization.asJson(job)).doesNotContain(request.token());
    assertThat(secret.getStringData()).isEqualTo(Map.of("token", request.token()));
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getKind()).isEqualTo("Job");
              assertThat(owner.getUid()).isEqualTo(job.getMetadata().getUid());
            });
    EnvVar token =
        job.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv().stream()
            .filter(v -> v.getName().equals("TRAINYARD_RUN_TOKEN"))
            .findFirst()
            .orElseThrow();
    assertThat(token.getValueFrom().getSecretKeyRef().getName())
        .isEqualTo(secret.getMetadata().getName());
  }

  @Test
  void launchingTheSameAttemptAgainIsOneJob() throws Exception {
    KubernetesLauncher launcher = launcher();
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    Job first = launched(launcher, request);
    Job second = launched(launcher, request);

    assertThat(second.getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
  }

  @Test
  void anAttemptIsFoundAgainByAnotherServer() throws Exception {
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    launcher().launch(request);
    requireNonNull(fixture).close();

    KubernetesLauncher other = launcher();

    RunLauncher.Handle handle = other.attach(request.id()).orElseThrow();
    assertThat(other.attach(LauncherFixture.freshId())).isEmpty();
    assertThat(handle.exit()).isNotDone();
    handle.kill(Duration.ofSeconds(3));
    RunLauncher.Exit exit = handle.exit().get(30, TimeUnit.SECONDS);
    assertThat(exit.reason()).isEqualTo(Reason.RUNNER_LOST);
    assertThat(exit.detail()).contains("its Job");
    assertThat(job(request.id())).isNull();
  }

  @Test
  void aKillIsTriedAgainUntilTheClusterAnswers() throws Exception {
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    RunLauncher.Handle handle = launcher().launch(request);
    cluster.unavailable("batch/jobs:delete", true);

    handle.kill(Duration.ofSeconds(3));
    Awaitility.await().until(() -> cluster.verbs().contains("batch/jobs:delete"));
    assertThat(handle.exit()).isNotDone();
    cluster.unavailable("batch/jobs:delete", false);

    assertThat(handle.exit().get(30, TimeUnit.SECONDS).reason()).isEqualTo(Reason.RUNNER_LOST);
    assertThat(job(request.id())).isNull();
  }

  @Test
  void aJobThatIsDeletedBeforeItIsSeenIsLost() throws Exception {
    cluster.unavailable("batch/jobs:list", true);
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    RunLauncher.Handle handle = launcher().launch(request);
    var unused =
        cluster.client().resource(requireNonNull(job(request.id()))).withGracePeriod(0).delete();
    cluster.unavailable("batch/jobs:list", false);

    RunLauncher.Exit exit = handle.exit().get(30, TimeUnit.SECONDS);

    assertThat(exit.reason()).isEqualTo(Reason.RUNNER_LOST);
    assertThat(exit.detail()).contains("its Job");
  }

  @Test
  void anEndIsToldWithoutAPodThatHadNoTimeToStart() throws Exception {
    KubernetesLauncher launcher = launcher("--trainyard.kubernetes.schedule-limit=1s");
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    RunLauncher.Handle handle = launcher.launch(request);
    JobStatus failed =
        Serialization.unmarshal(
            FailureShape.failedJob("DeadlineExceeded", "too long"), JobStatus.class);
    cluster
        .client()
        .resource(requireNonNull(job(request.id())))
        .editStatus(
            job -> {
              job.setStatus(failed);
              return job;
            });

    RunLauncher.Exit exit = handle.exit().get(30, TimeUnit.SECONDS);

    assertThat(exit.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
  }

  @Test
  void aClusterThatDoesNotAnswerIsToldFromARefusal() {
    KubernetesLauncher launcher = launcher();
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    cluster.unavailable("jobs", true);

    assertThatThrownBy(() -> launcher.launch(request))
        .isInstanceOf(RunLauncher.UnavailableException.class)
        .hasMessageContaining("cannot be created");
    assertThatThrownBy(() -> launcher.attach(request.id()))
        .isInstanceOf(RunLauncher.UnavailableException.class);
  }

  @Test
  void aJobWithoutItsSecretIsTakenBack() {
    KubernetesLauncher launcher = launcher();
    RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
    cluster.unavailable("secrets", true);

    assertThatThrownBy(() -> launcher.launch(request))
        .isInstanceOf(RunLauncher.UnavailableException.class);
    assertThat(job(request.id())).isNull();
  }

  @Test
  void anImageIsNeeded() {
    assertThatThrownBy(() -> launcher("--trainyard.kubernetes.image="))
        .isInstanceOf(BeanCreationException.class)
        .hasRootCauseMessage("trainyard.kubernetes.image must name the runner's image");
  }

  static Map<String, String> environment(Container container) {
    return container.getEnv().stream()
        .filter(v -> v.getValue() != null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }
}
