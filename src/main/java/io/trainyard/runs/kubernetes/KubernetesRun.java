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

  private volatile @Nullable Duration grace;

  // Of the watch's thread alone.
  private final Spell delayed = new Spell();
  private final Spell podless = new Spell();
  private final Spell jobless = new Spell();

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
    this.grace = grace;
    watch.kill(this);
  }

  /** What its pod gets to end; null as long as it is not to be killed. */
  @Nullable Duration grace() {
    return grace;
  }

  void ended(RunLauncher.Exit how) {
    exit.complete(how);
  }

  /** How long the runner has been delayed in this way; zero without a delay. */
  Duration delayed(RunnerStatus.@Nullable Delay delay) {
    return delayed.lasts(delay == null ? null : delay.scheduling());
  }

  /** How long the run has seemed to be over without a pod; zero if it does not. */
  Duration podless(boolean now) {
    return podless.lasts(now ? true : null);
  }

  /** How long its Job has not been seen; zero if it is. */
  Duration jobless(boolean now) {
    return jobless.lasts(now ? true : null);
  }

  /** How long something has been as it is. */
  private static final class Spell {
    private @Nullable Boolean state;
    private long since;

    /** Zero for null. */
    Duration lasts(@Nullable Boolean now) {
      if (now == null || !now.equals(state)) {
        state = now;
        since = System.nanoTime();
      }
      return now == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }
  }
}
