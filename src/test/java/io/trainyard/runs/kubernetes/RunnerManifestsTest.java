package io.trainyard.runs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.trainyard.cluster.TestCluster;
import io.trainyard.runs.RunLauncher;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the properties make of a Job. */
class RunnerManifestsTest {
  @TempDir Path home;

  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new TestCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static Job job(LauncherFixture fixture, RunLauncher.Request request) {
    return fixture.manifests().job(request);
  }

  @Test
  void cudaGetsAGpuAndWhatBelongsToOne() {
    try (LauncherFixture fixture =
        new LauncherFixture(
            cluster,
            home,
            "--trainyard.kubernetes.gpu.image=registry.example.com/trainyard:1-cuda",
            "--trainyard.kubernetes.gpu.runtime-class=nvidia",
            "--trainyard.kubernetes.gpu.node-selector[nvidia.com/gpu.present]=true",
            "--trainyard.kubernetes.gpu.tolerations[0].key=nvidia.com/gpu",
            "--trainyard.kubernetes.gpu.tolerations[0].operator=Exists")) {
      PodSpec with =
          job(fixture, LauncherFixture.request(LauncherFixture.freshId(), "cuda:0", null))
              .getSpec()
              .getTemplate()
              .getSpec();
      PodSpec without =
          job(fixture, LauncherFixture.request(LauncherFixture.freshId(), "cpu", null))
              .getSpec()
              .getTemplate()
              .getSpec();

      assertThat(with.getContainers().get(0).getResources().getLimits())
          .containsEntry("nvidia.com/gpu", new Quantity("1"));
      assertThat(with.getContainers().get(0).getImage()).endsWith("-cuda");
      assertThat(with.getRuntimeClassName()).isEqualTo("nvidia");
      assertThat(with.getNodeSelector()).isEqualTo(Map.of("nvidia.com/gpu.present", "true"));
      assertThat(with.getTolerations()).extracting(Toleration::getKey).contains("nvidia.com/gpu");
      assertThat(without.getContainers().get(0).getResources().getLimits())
          .doesNotContainKey("nvidia.com/gpu");
      assertThat(without.getContainers().get(0).getImage()).endsWith("trainyard:1");
      assertThat(without.getRuntimeClassName()).isNull();
      assertThat(without.getNodeSelector()).isEmpty();
      assertThat(without.getTolerations()).isEmpty();
    }
  }

  @Test
  void everythingElseOfAPodIsConfigured() {
    try (LauncherFixture fixture =
        new LauncherFixture(
            cluster,
            home,
            "--trainyard.kubernetes.instance=prod",
            "--trainyard.kubernetes.image-pull-policy=Always",
            "--trainyard.kubernetes.image-pull-secrets=a,b",
            "--trainyard.kubernetes.java=/usr/bin/java",
            "--trainyard.kubernetes.class-path=/app/x.jar",
            "--trainyard.kubernetes.service-account=runners",
            "--trainyard.kubernetes.run-as-user=10001",
            "--trainyard.kubernetes.work-size=5Gi",
            "--trainyard.kubernetes.priority-class=low",
            "--trainyard.kubernetes.runtime-class=gvisor",
            "--trainyard.kubernetes.labels[example.com/team]=vision",
            "--trainyard.kubernetes.annotations[sidecar.istio.io/inject]=false",
            "--trainyard.kubernetes.env[LOG_LEVEL]=debug",
            "--trainyard.kubernetes.node-selector[kubernetes.io/arch]=amd64",
            "--trainyard.kubernetes.tolerations[0].key=training",
            "--trainyard.kubernetes.tolerations[0].value=yes",
            "--trainyard.kubernetes.tolerations[0].effect=NoExecute",
            "--trainyard.kubernetes.tolerations[0].seconds=300",
            "--trainyard.kubernetes.resources.cpu=2500m",
            "--trainyard.kubernetes.resources.cpu-limit=4",
            "--trainyard.kubernetes.resources.memory=16Gi",
            "--trainyard.kubernetes.ttl=10m",
            "--trainyard.kubernetes.deadline=2h",
            "--trainyard.kubernetes.deadline-margin=30s",
            "--trainyard.runner.heap=1GB")) {
      Job job = job(fixture, LauncherFixture.request(LauncherFixture.freshId(), "cpu", 99.2));
      Job capped = job(fixture, LauncherFixture.request(LauncherFixture.freshId(), "cpu", 1e6));

      assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
      assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(130);
      assertThat(capped.getSpec().getActiveDeadlineSeconds()).isEqualTo(7200);
      assertThat(job.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/instance", "prod")
          .containsEntry("example.com/team", "vision");
      assertThat(job.getSpec().getTemplate().getMetadata().getAnnotations())
          .containsEntry("sidecar.istio.io/inject", "false");
      PodSpec pod = job.getSpec().getTemplate().getSpec();
      assertThat(pod.getServiceAccountName()).isEqualTo("runners");
      assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
      assertThat(pod.getPriorityClassName()).isEqualTo("low");
      assertThat(pod.getRuntimeClassName()).isEqualTo("gvisor");
      assertThat(pod.getNodeSelector()).isEqualTo(Map.of("kubernetes.io/arch", "amd64"));
      assertThat(pod.getImagePullSecrets()).extracting("name").containsExactly("a", "b");
      assertThat(pod.getVolumes().get(0).getEmptyDir().getSizeLimit())
          .isEqualTo(new Quantity("5Gi"));
      assertThat(pod.getTolerations())
          .singleElement()
          .satisfies(
              toleration -> {
                assertThat(toleration.getOperator()).isEqualTo("Equal");
                assertThat(toleration.getValue()).isEqualTo("yes");
                assertThat(toleration.getEffect()).isEqualTo("NoExecute");
                assertThat(toleration.getTolerationSeconds()).isEqualTo(300);
              });
      Container container = pod.getContainers().get(0);
      assertThat(container.getImagePullPolicy()).isEqualTo("Always");
      assertThat(container.getCommand())
          .startsWith("/usr/bin/java")
          .contains("-Xmx1073741824", "/app/x.jar");
      assertThat(container.getResources().getLimits())
          .isEqualTo(Map.of("cpu", new Quantity("4"), "memory", new Quantity("16Gi")));
      assertThat(KubernetesLauncherTest.environment(container))
          .containsEntry("LOG_LEVEL", "debug")
          .containsEntry("TRAINYARD_RUN_THREADS", "4")
          .containsEntry("OMP_NUM_THREADS", "4");
    }
  }
}
