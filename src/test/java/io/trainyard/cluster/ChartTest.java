package io.trainyard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Helm chart, by Helm itself, over every values file in its ci directory. */
class ChartTest {
  private static final String RULES =
      "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up == 0\n";
  private static final String DASHBOARD = "{\"title\": \"{{legend}}\"}";

  @TempDir Path work;

  static Stream<Path> ciValues() {
    return TestChart.ciValues().stream();
  }

  private TestChart chart(String values) {
    return TestChart.with(work, values)
        .withFile("alerts.yaml", RULES)
        .withFile("dashboards/d.json", DASHBOARD);
  }

  private TestChart chart(Path values) throws IOException {
    return chart(Files.readString(values));
  }

  private <T extends HasMetadata> T one(String values, Class<T> type) {
    return Manifests.of(chart(values), type).get(0);
  }

  @ParameterizedTest
  @MethodSource("ciValues")
  void isLinted(Path values) throws IOException {
    LintResult result = chart(values).lint();

    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    assertThat(result.getMessages().toString()).doesNotContain("[WARNING]", "[ERROR]");
  }

  @ParameterizedTest
  @MethodSource("ciValues")
  void rendersWhatKubernetesKnows(Path values) throws IOException {
    List<HasMetadata> manifests = Manifests.all(chart(values));

    System.out.println(
        values.getFileName()
            + ": "
            + manifests.stream().map(HasMetadata::getKind).collect(Collectors.joining(", ")));
    assertThat(manifests).hasSizeGreaterThanOrEqualTo(4);
    for (HasMetadata manifest : manifests) {
      assertThat(manifest.getMetadata().getName()).matches("demo-trainyard[a-z-]*|training");
      assertThat(manifest.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/instance", TestChart.RELEASE)
          .containsKey("helm.sh/chart");
    }
    Deployment server =
        (Deployment) manifests.stream().filter(Deployment.class::isInstance).findFirst().get();
    PodSpec pod = server.getSpec().getTemplate().getSpec();
    assertThat(PodSecurity.violations(pod)).isEmpty();
    assertThat(server.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(server.getSpec().getSelector().getMatchLabels());
    for (HasMetadata manifest : manifests) {
      if (manifest instanceof Service service) {
        assertThat(server.getSpec().getTemplate().getMetadata().getLabels())
            .containsAllEntriesOf(service.getSpec().getSelector());
        assertThat(service.getSpec().getPorts())
            .allSatisfy(
                port ->
                    assertThat(pod.getContainers().get(0).getPorts())
                        .extracting("name")
                        .contains(port.getTargetPort().getStrVal()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {replicaCount: 2}                                  | database.type=postgresql
          {autoscaling: {enabled: true}}                     | database.type=postgresql
          {replicaCount: 2, launcher: kubernetes}            | database.type=postgresql
          {replicaCount: 2, database: {type: postgresql, url: "jdbc:postgresql:x"}} | launcher=kubernetes
          {replicaCount: 2, launcher: kubernetes, database: {type: postgresql, url: "jdbc:postgresql:x"}} | ReadWriteMany
          {replicaCount: 2, launcher: kubernetes, database: {type: postgresql, url: "jdbc:postgresql:x"}, persistence: {enabled: false, allowDataLoss: true}} | persistence.enabled=true
          {persistence: {enabled: false}}                    | persistence.allowDataLoss
          {database: {type: postgresql}}                     | needs database.url
          {database: {url: "jdbc:postgresql:x"}}             | would not be used
          {database: {type: postgresql, url: "jdbc:postgresql:x", password: a, existingSecret: b}} | exclude each other
          {access: {}}                                       | anybody could use the service
          {access: {anonymous: true, existingSecret: keys}}  | access.anonymous excludes
          {access: {oidc: {issuer: "https://a"}}}            | needs access.oidc.audiences
          {artifacts: {s3: {enabled: true}}}                 | needs artifacts.s3.bucket
          {launcher: kubernetes, database: {type: postgresql, url: "jdbc:postgresql:x"}, persistence: {accessModes: [ReadWriteMany]}, autoscaling: {enabled: true, minReplicas: 5}} | above autoscaling.maxReplicas
          """)
  void refusesWhatWouldLoseDataOrBeOpenToAll(String values, String message) {
    assertThatThrownBy(() -> chart(values).manifests()).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {replicaCont: 2}                              | replicaCont
          {launcher: docker}                            | launcher
          {access: {keys: {a: {sha256: secret}}}}       | sha256
          {access: {keys: {a: {role: owner, sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b}}}} | role
          {image: {pullPolicy: Sometimes}}              | pullPolicy
          {runner: {resources: {memory: lots}}}         | memory
          {runner: {ttl: 5 minutes}}                    | ttl
          {database: {type: postgresql, url: "mysql:x"}} | url
          """)
  void refusesValuesThatItDoesNotKnow(String values, String place) {
    assertThatThrownBy(() -> chart(values).manifests()).hasMessageContaining(place);
  }

  @Test
  void aServerByItselfIsReplacedAndSeveralAreRolled() throws IOException {
    Deployment single = one("{}", Deployment.class);
    Deployment several =
        one(
            Files.readString(Path.of("helm/trainyard/ci/kubernetes-values.yaml")),
            Deployment.class);

    assertThat(single.getSpec().getStrategy().getType()).isEqualTo("Recreate");
    assertThat(single.getSpec().getTemplate().getSpec().getAutomountServiceAccountToken())
        .isFalse();
    assertThat(single.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv())
        .extracting("name")
        .doesNotContain("TRAINYARD_SERVER_ID");
    assertThat(several.getSpec().getReplicas()).isEqualTo(2);
    assertThat(several.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
    assertThat(several.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv())
        .extracting("name")
        .contains("TRAINYARD_SERVER_ID", "TRAINYARD_DATABASE_PASSWORD");
    assertThat(several.getSpec().getTemplate().getSpec().getContainers().get(0).getImage())
        .startsWith("registry.example.com/ml/trainyard@sha256:");
  }

  @Test
  void autoscalingOwnsTheReplicas() throws IOException {
    String values = Files.readString(Path.of("helm/trainyard/ci/autoscaling-values.yaml"));

    assertThat(one(values, Deployment.class).getSpec().getReplicas()).isNull();
    assertThat(one(values, HorizontalPodAutoscaler.class).getSpec().getMinReplicas()).isEqualTo(2);
    assertThat(Manifests.of(chart(values), Role.class)).isEmpty();
    assertThat(Manifests.of(chart(values), PersistentVolumeClaim.class)).isEmpty();
  }

  @Test
  void keysAreInASecretWhichIsTheServersEnvironment() throws IOException {
    String values = Files.readString(Path.of("helm/trainyard/ci/default-values.yaml"));
    Secret secret = one(values, Secret.class);

    assertThat(secret.getStringData())
        .containsEntry("TRAINYARD_ACCESS_KEYS_ADMIN_OWNER", "admin")
        .containsEntry("TRAINYARD_ACCESS_KEYS_ADMIN_ROLE", "admin")
        .hasEntrySatisfying(
            "TRAINYARD_ACCESS_KEYS_ADMIN_SHA256", digest -> assertThat(digest).hasSize(64));
    assertThat(
            one(values, Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0)
                .getEnvFrom())
        .extracting(from -> from.getSecretRef().getName())
        .containsExactly(secret.getMetadata().getName());
  }

  @Test
  void aRoleIsThereForTheLauncherThatNeedsIt() {
    assertThat(Manifests.of(chart("{}"), Role.class)).isEmpty();
    assertThat(Manifests.of(chart("{launcher: kubernetes}"), Role.class)).hasSize(1);
  }

  @Test
  void aRunnerMaySpeakToTheServerAlone() {
    NetworkPolicy runner =
        Manifests.of(chart("{launcher: kubernetes}"), NetworkPolicy.class).stream()
            .filter(p -> p.getMetadata().getName().endsWith("-runner"))
            .findFirst()
            .orElseThrow();

    assertThat(runner.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(runner.getSpec().getIngress()).isEmpty();
    assertThat(runner.getSpec().getEgress()).hasSize(2);
  }

  @Test
  void dashboardsAndRulesAreTakenAsTheyAre() throws IOException {
    String values = "metrics: {dashboard: {enabled: true}, prometheusRule: {enabled: true}}";
    ConfigMap dashboard =
        Manifests.of(chart(values), ConfigMap.class).stream()
            .filter(m -> m.getMetadata().getName().endsWith("-dashboard"))
            .findFirst()
            .orElseThrow();

    assertThat(dashboard.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
    assertThat(dashboard.getData().get("d.json")).isEqualTo(DASHBOARD);
    assertThat(String.valueOf(chart(values).manifest("PrometheusRule").get("spec")))
        .contains("alert=");
  }

  @Test
  void alertsSayWhereTheirRunbookIs() throws IOException {
    TestChart real =
        TestChart.with(
            work,
            "metrics: {prometheusRule: {enabled: true, runbooks: 'https://wiki.example.com/t/'}}");

    assertThat(String.valueOf(real.manifest("PrometheusRule").get("spec")))
        .contains(
            "runbook_url=https://wiki.example.com/t/docs/operations.md#trainyardserverdown",
            "runbook_url=https://wiki.example.com/t/docs/operations.md#trainyardabsent")
        .doesNotContain("runbook_url=docs/");
  }
}
