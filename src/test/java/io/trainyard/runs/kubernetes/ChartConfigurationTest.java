package io.trainyard.runs.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.trainyard.cluster.Manifests;
import io.trainyard.cluster.TestChart;
import io.trainyard.runs.RunnerProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.unit.DataSize;

/** The chart's values arrive where the launcher reads them. */
class ChartConfigurationTest {
  @TempDir Path work;

  private Binder binder(String values) throws IOException {
    String yaml =
        Manifests.of(TestChart.with(work, values), ConfigMap.class)
            .get(0)
            .getData()
            .get("application.yaml");
    StandardEnvironment environment = new StandardEnvironment();
    YamlPropertySourceLoader loader = new YamlPropertySourceLoader();
    List<PropertySource<?>> sources =
        loader.load(
            "chart", new ByteArrayResource(requireNonNull(yaml).getBytes(StandardCharsets.UTF_8)));
    sources.forEach(environment.getPropertySources()::addFirst);
    loader
        .load("defaults", new FileSystemResource("src/main/resources/application.yaml"))
        .forEach(environment.getPropertySources()::addLast);
    return Binder.get(environment);
  }

  private static String ci(String name) throws IOException {
    return Files.readString(Path.of("helm", "trainyard", "ci", name + "-values.yaml"));
  }

  private static KubernetesProperties kubernetes(Binder binder) {
    return binder.bindOrCreate("trainyard.kubernetes", KubernetesProperties.class);
  }

  @Test
  void ofPodsOnManyNodes() throws IOException {
    Binder binder = binder(ci("kubernetes"));
    KubernetesProperties properties = kubernetes(binder);
    RunnerProperties runner = binder.bind("trainyard.runner", RunnerProperties.class).get();

    assertThat(binder.bind("trainyard.launcher", String.class).get()).isEqualTo("kubernetes");
    assertThat(runner.slots()).isEqualTo(20);
    assertThat(runner.heap()).isEqualTo(DataSize.ofMegabytes(512));
    assertThat(runner.serverUrl()).hasToString("http://demo-trainyard.training.svc:8080");
    assertThat(properties.namespace()).isEqualTo("training");
    assertThat(properties.instance()).isEqualTo("demo");
    assertThat(properties.image()).startsWith("registry.example.com/ml/trainyard@sha256:");
    assertThat(properties.imagePullSecrets()).containsExactly("registry");
    assertThat(properties.serviceAccount()).isEqualTo("demo-trainyard-runner");
    assertThat(properties.nodeSelector())
        .isEqualTo(Map.of("node.kubernetes.io/instance-type", "c7i.2xlarge"));
    assertThat(properties.tolerations())
        .containsExactly(
            new KubernetesProperties.Toleration("training", "Equal", "yes", "NoExecute", 300L));
    assertThat(properties.labels()).isEqualTo(Map.of("team.example.com/cost-center", "4711"));
    assertThat(properties.annotations()).isEqualTo(Map.of("sidecar.istio.io/inject", "false"));
    assertThat(properties.env()).isEqualTo(Map.of("TORCH_SHOW_CPP_STACKTRACES", "1"));
    assertThat(properties.deadline()).isEqualTo(Duration.ofHours(24));
    assertThat(binder.bind("trainyard.database.url", String.class).get())
        .isEqualTo("jdbc:postgresql://postgres.data.svc/trainyard");
  }

  @Test
  void ofPodsWithGpus() throws IOException {
    KubernetesProperties properties = kubernetes(binder(ci("gpu")));

    assertThat(properties.resources())
        .isEqualTo(new KubernetesProperties.Resources("4", "8", "16Gi"));
    assertThat(properties.gpu().image()).endsWith("-cuda");
    assertThat(properties.gpu().runtimeClass()).isEqualTo("nvidia");
    assertThat(properties.gpu().nodeSelector()).isEqualTo(Map.of("nvidia.com/gpu.present", "true"));
    assertThat(properties.gpu().tolerations())
        .containsExactly(
            new KubernetesProperties.Toleration(
                "nvidia.com/gpu", "Exists", null, "NoSchedule", null));
  }

  @Test
  void ofArtifactsElsewhere() throws IOException {
    Binder binder = binder(ci("s3"));

    assertThat(binder.bind("trainyard.artifacts.s3.bucket", String.class).get())
        .isEqualTo("models");
    assertThat(binder.bind("trainyard.artifacts.s3.path-style", Boolean.class).get()).isTrue();
    assertThat(binder.bind("trainyard.database.password", String.class).orElse(""))
        .as("passwords are in Secrets")
        .isEmpty();
  }

  @Test
  void ofOnesOwn() throws IOException {
    Binder binder = binder(ci("autoscaling"));

    assertThat(binder.bind("trainyard.queue.max", Long.class).get()).isEqualTo(500);
    assertThat(
            binder.bind("spring.security.oauth2.resourceserver.jwt.issuer-uri", String.class).get())
        .isEqualTo("https://login.example.com/realms/ml");
    assertThat(binder.bind("trainyard.access.oidc.roles", String.class).get())
        .isEqualTo("realm_access.roles");
    assertThat(binder.bind("trainyard.access.anonymous", Boolean.class).get()).isFalse();
    assertThat(kubernetes(binder).scheduleLimit()).isEqualTo(Duration.ofMinutes(30));
    assertThat(kubernetes(binder).imageLimit()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void theChartsDefaultsAreTheServers() throws IOException {
    KubernetesProperties chart = kubernetes(binder("{launcher: kubernetes}"));
    KubernetesProperties server =
        Binder.get(new StandardEnvironment())
            .bindOrCreate("trainyard.kubernetes", KubernetesProperties.class);

    assertThat(chart)
        .usingRecursiveComparison()
        .ignoringFields("namespace", "instance", "image", "serviceAccount", "gpu.tolerations")
        .isEqualTo(server);
  }
}
