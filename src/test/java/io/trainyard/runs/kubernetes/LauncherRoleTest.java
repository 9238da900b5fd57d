package io.trainyard.runs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.trainyard.cluster.Manifests;
import io.trainyard.cluster.TestChart;
import io.trainyard.cluster.TestCluster;
import io.trainyard.runs.RunLauncher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's Role against what the launcher asked of the API server. */
class LauncherRoleTest {
  @TempDir Path home;
  @TempDir Path work;

  @Test
  void allowsWhatIsDoneAndNothingElse() throws Exception {
    Role role = Manifests.of(TestChart.with(work, "{launcher: kubernetes}"), Role.class).get(0);

    Set<String> used = new TreeSet<>(used());

    System.out.println("verbs used: " + used);
    assertThat(used).isEqualTo(allowed(role));
  }

  /** All that the launcher can do: a run that ends, one found again, one killed. */
  private Set<String> used() throws Exception {
    try (TestCluster cluster = new TestCluster();
        LauncherFixture fixture = new LauncherFixture(cluster, home)) {
      KubernetesLauncher launcher = fixture.launcher();
      RunLauncher.Request request = LauncherFixture.request(LauncherFixture.freshId());
      RunLauncher.Handle ends = launcher.launch(request);
      launcher.launch(request);
      String name = RunnerManifests.name(request.id());
      cluster.log(name + "-0", () -> "printed");
      cluster
          .client()
          .pods()
          .inNamespace(TestCluster.NAMESPACE)
          .resource(
              new PodBuilder()
                  .withNewMetadata()
                  .withName(name + "-0")
                  .withLabels(labels(cluster, name))
                  .endMetadata()
                  .withNewStatus()
                  .withPhase("Succeeded")
                  .addNewContainerStatus()
                  .withName("runner")
                  .withNewState()
                  .withNewTerminated()
                  .withExitCode(0)
                  .endTerminated()
                  .endState()
                  .endContainerStatus()
                  .endStatus()
                  .build())
          .create();
      ends.exit().get(30, TimeUnit.SECONDS);
      RunLauncher.Request second = LauncherFixture.request(LauncherFixture.freshId());
      launcher.launch(second);
      RunLauncher.Handle killed = launcher.attach(second.id()).orElseThrow();
      killed.kill(Duration.ofSeconds(1));
      killed.exit().get(30, TimeUnit.SECONDS);
      return cluster.verbs();
    }
  }

  private static Map<String, String> labels(TestCluster cluster, String job) {
    return cluster
        .client()
        .batch()
        .v1()
        .jobs()
        .inNamespace(TestCluster.NAMESPACE)
        .withName(job)
        .get()
        .getMetadata()
        .getLabels();
  }

  private static Set<String> allowed(Role role) {
    Set<String> allowed = new TreeSet<>();
    for (PolicyRule rule : role.getRules()) {
      assertThat(rule.getResourceNames()).isEmpty();
      for (String group : rule.getApiGroups()) {
        for (String resource : rule.getResources()) {
          rule.getVerbs().forEach(verb -> allowed.add(group + "/" + resource + ":" + verb));
        }
      }
    }
    return allowed;
  }
}
