package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.JobRuns;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Keeps this server's slots filled: claims jobs, launches their runners, renews their leases. All
 * of it happens on one thread, so that claims, exits and renewals never race within a server.
 */
@Component
class Dispatcher implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PREPARE_DELAY = Duration.ofSeconds(1);
  private static final Duration KILL_GRACE = Duration.ofSeconds(1);
  private static final Duration TASK_GRACE = Duration.ofSeconds(5);

  private final JobRuns runs;
  private final Runners runners;
  private final RunLauncher launcher;
  private final CrashLogs crashLogs;
  private final RunnerProperties properties;
  private final ServletWebServerApplicationContext server;
  private final String owner;
  private final Duration lease;
  private final Duration grace;
  private volatile @Nullable ScheduledExecutorService worker;

  Dispatcher(
      JobRuns runs,
      Runners runners,
      RunLauncher launcher,
      CrashLogs crashLogs,
      RunnerProperties properties,
      ServletWebServerApplicationContext server,
      ServerId serverId,
      @Value("${trainyard.lease}") Duration lease,
      @Value("${trainyard.shutdown.grace}") Duration grace) {
    this.runs = runs;
    this.runners = runners;
    this.launcher = launcher;
    this.crashLogs = crashLogs;
    this.properties = properties;
    this.server = server;
    this.owner = serverId.value();
    this.lease = lease;
    this.grace = grace;
  }

  /** After the web server has started: the runners report to it. */
  @Override
  public void start() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "trainyard-dispatcher"));
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    worker = executor;
    executor.execute(guarded(() -> runs.heldBy(owner).forEach(runs::handBack)));
    long third = lease.toMillis() / 3;
    repeat(executor, this::keepLeases, Duration.ofMillis(third));
    repeat(executor, this::settle, POLL);
    repeat(executor, this::endSilent, properties.hangLimit().dividedBy(Runners.LOOKS));
    executor.execute(guarded(this::prepare));
  }

  /**
   * Before the web server stops, which the runners report to: has the runners end by themselves, so
   * that they leave their jobs as far as they are, and gives back what is then still held.
   */
  @Override
  public void stop() {
    ScheduledExecutorService executor = worker;
    worker = null;
    if (executor == null) {
      return;
    }
    runners.stop(grace); // with its leases still renewed
    finish(executor);
    for (Runners.Ended end : runners.unrecorded()) {
      guarded(() -> runs.handBack(end.id())).run();
      guarded(() -> record(end)).run();
    }
  }

  /** Lets the present task end: an interrupt in the middle of a write closes H2's file. */
  private static void finish(ScheduledExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(TASK_GRACE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("the dispatcher is still busy");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return worker != null;
  }

  @TransactionalEventListener(fallbackExecution = true)
  void changed(JobChanged change) {
    ScheduledExecutorService executor = worker;
    if (executor == null || change.events().isEmpty()) {
      return;
    }
    JobState state = change.job().state();
    if (state == JobState.QUEUED) {
      executor.execute(guarded(this::queued));
    } else if (state == JobState.CANCELLING) {
      AttemptId id = new AttemptId(change.job().id(), change.job().runs().attempt());
      var unused =
          executor.schedule(
              guarded(() -> killCancelled(id)),
              properties.cancelGrace().toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private void queued() {
    if (slotFree()) {
      fill();
    } else {
      prepareLater();
    }
  }

  private boolean slotFree() {
    return runners.atWork() < properties.slots();
  }

  private void fill() {
    while (slotFree() && worker != null) {
      JobRuns.Claim claim = runs.claim(owner, lease).orElse(null);
      if (claim == null) {
        return;
      }
      launch(claim);
    }
  }

  private void launch(JobRuns.Claim claim) {
    AttemptId id = claim.id();
    try {
      RunLauncher.Handle handle =
          launcher.launch(new RunLauncher.Request(id, claim.token(), serverUrl()));
      runners.started(id, handle);
      LOG.info("attempt {} started", id);
      if (slotFree()) {
        prepareLater();
      }
      var unused = handle.exit().whenComplete((exit, error) -> onWorker(() -> exited(id, exit)));
    } catch (IOException e) {
      LOG.error("attempt {} cannot be started", id, e);
      runs.exited(id, null, Reason.START_FAILED, "the runner cannot be started: " + e.getMessage());
    }
  }

  /**
   * Not at once: the job that has just begun should have the processors to itself. One that takes
   * the last slot keeps them until it ends or another one waits, since threads that wait for each
   * other lose far more than the share of a processor that a starting runner takes.
   */
  private void prepareLater() {
    ScheduledExecutorService executor = worker;
    if (executor != null) {
      var unused =
          executor.schedule(
              guarded(this::prepare), PREPARE_DELAY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void prepare() {
    if (worker == null || properties.slots() == 0 || !properties.spare()) {
      return;
    }
    try {
      launcher.prepare(serverUrl());
    } catch (IOException e) {
      LOG.warn("no spare runner: {}", e.toString());
    }
  }

  private void exited(AttemptId id, RunLauncher.Exit exit) {
    LOG.info("attempt {} ended with exit code {}", id, exit.code());
    runners.exited(id, exit);
    settle();
  }

  /** Records ends, again and again while the database does not answer, and fills the slots. */
  private void settle() {
    runners.unrecorded().forEach(end -> guarded(() -> record(end)).run());
    fill();
    if (slotFree()) {
      prepare();
    }
  }

  private void record(Runners.Ended end) {
    RunLauncher.Exit exit = end.exit();
    String detail = "attempt " + end.id().attempt() + " " + exit.detail();
    if (runs.current(end.id()).isPresent()) {
      crashLogs.keep(end.id(), detail, exit.lastWords());
    }
    runs.exited(end.id(), exit.code(), exit.reason(), detail);
    runners.recorded(end.id());
  }

  private void killCancelled(AttemptId id) {
    String detail = "did not answer the cancel and was killed";
    if (runners.kill(id, KILL_GRACE, new Runners.Killed(Reason.USER, detail))) {
      LOG.warn("attempt {} did not end by itself and is killed", id);
    }
  }

  private void endSilent() {
    String detail =
        "did not report for " + properties.hangLimit().toSeconds() + " s and was killed";
    for (AttemptId id : runners.silent()) {
      LOG.warn("attempt {} {}", id, detail);
      runners.kill(id, KILL_GRACE, new Runners.Killed(Reason.LEASE_EXPIRED, detail));
    }
  }

  private void keepLeases() {
    runs.renewLeases(owner, runners.ids(), lease);
    for (AttemptId id : runners.leftover(Set.copyOf(runs.heldBy(owner)))) {
      LOG.warn("attempt {} holds no job any more and is killed", id);
      runners.kill(id, KILL_GRACE, null);
    }
    for (AttemptId id : runs.expired()) {
      guarded(() -> runs.expire(id)).run();
    }
    fill();
  }

  private URI serverUrl() {
    URI configured = properties.serverUrl();
    if (configured != null) {
      return configured;
    }
    var webServer = server.getWebServer();
    int port = webServer == null ? 0 : webServer.getPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  private void onWorker(Runnable task) {
    ScheduledExecutorService executor = worker;
    if (executor != null) {
      executor.execute(guarded(task));
    }
  }

  private static void repeat(ScheduledExecutorService executor, Runnable task, Duration every) {
    var unused =
        executor.scheduleWithFixedDelay(guarded(task), 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A task whose failure is told and does not end the repetition; the next round tries again. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (DataAccessException | TransactionException e) {
        LOG.error("the database did not answer; trying again: {}", e.toString());
      } catch (RuntimeException e) {
        LOG.error("dispatcher task failed", e);
      }
    };
  }
}
