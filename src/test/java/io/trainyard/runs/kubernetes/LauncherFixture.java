package io.trainyard.runs.kubernetes;

import io.trainyard.artifacts.JobDirectories;
import io.trainyard.artifacts.ServerDirectory;
import io.trainyard.cluster.TestCluster;
import io.trainyard.jobs.AttemptId;
import io.trainyard.runs.RunLauncher;
import io.trainyard.runs.RunnerProperties;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The launcher as the server makes it, without the rest of the server. */
final class LauncherFixture implements AutoCloseable {
  private static final AtomicInteger IDS = new AtomicInteger();

  private final ConfigurableApplicationContext context;

  LauncherFixture(TestCluster cluster, Path home, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--trainyard.home=" + home,
                "--trainyard.launcher=kubernetes",
                "--trainyard.kubernetes.api-server=" + cluster.url(),
                "--trainyard.kubernetes.namespace=" + TestCluster.NAMESPACE,
                "--trainyard.kubernetes.image=registry.example.com/trainyard:1",
                "--trainyard.runner.server-url=http://trainyard:8080"));
    for (String argument : more) {
      // Spring would put values of the same name together.
      String name = argument.substring(0, argument.indexOf('=') + 1);
      arguments.removeIf(given -> given.startsWith(name));
      arguments.add(argument);
    }
    context =
        new SpringApplicationBuilder(Wiring.class)
            .web(WebApplicationType.NONE)
            .bannerMode(Banner.Mode.OFF)
            .run(arguments.toArray(String[]::new));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties({KubernetesProperties.class, RunnerProperties.class})
  @Import({
    KubernetesConfiguration.class,
    KubernetesLauncher.class,
    JobDirectories.class,
    ServerDirectory.class
  })
  static class Wiring {}

  KubernetesLauncher launcher() {
    return context.getBean(KubernetesLauncher.class);
  }

  RunnerManifests manifests() {
    return new RunnerManifests(
        context.getBean(KubernetesProperties.class), context.getBean(RunnerProperties.class));
  }

  JobDirectories directories() {
    return context.getBean(JobDirectories.class);
  }

  static AttemptId freshId() {
    return new AttemptId("job_%026d".formatted(IDS.incrementAndGet()), 1);
  }

  static RunLauncher.Request request(AttemptId id) {
    return request(id, "auto", null);
  }

  static RunLauncher.Request request(AttemptId id, String device, @Nullable Double secondsLeft) {
    return new RunLauncher.Request(
        id, "a-secret-of-" + id, URI.create("http://trainyard:8080"), device, secondsLeft);
  }

  @Override
  public void close() {
    context.close();
  }
}
