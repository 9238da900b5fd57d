package io.trainyard.runs.kubernetes;

import io.trainyard.jobs.AttemptId;
import io.trainyard.runs.RunLauncher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An attempt that runs as a Job. */
final class KubernetesRun implements RunLauncher.Handle {
  private final AttemptId id;
  private final String name;
  private final RunnerWatch watch;
  private final CompletableFuture<RunLauncher.Exit> exit = new CompletableFuture<>();

  // Of the watch's thread alone.
  private @Nullable Boolean waitsForNode;
  private long waitsSince;
  private long podlessSince;
  private boolean podless;

  KubernetesRun(AttemptId id, String name, RunnerWatch watch) {
    this.id = id;
    this.name = name;
    this.watch = watch;
  }

  AttemptId id() {
    return id;
  }

  String name() {
    return name;
  }

  @Override
  public CompletableFuture<RunLauncher.Exit> exit() {
    return exit.copy();
  }

  @Override
  public void kill(Duration grace) {
    watch.kill(this, grace);
  }

  void ended(RunLauncher.Exit how) {
    exit.complete(how);
  }

  /** How long the runner has been delayed in this way; zero without a delay. */
  Duration delayed(RunnerStatus.@Nullable Delay delay) {
    Boolean now = delay == null ? null : delay.scheduling();
    if (now == null || !now.equals(waitsForNode)) {
      waitsForNode = now;
      waitsSince = System.nanoTime();
    }
    return now == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - waitsSince);
  }

  /** How long the run has seemed to be over without a pod; zero if it does not. */
  Duration podless(boolean now) {
    if (!now || !podless) {
      podless = now;
      podlessSince = System.nanoTime();
    }
    return Duration.ofNanos(System.nanoTime() - podlessSince);
  }
}
