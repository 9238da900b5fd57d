package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.JobRuns;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private final JobRuns runs;
  private final RunLauncher launcher;
  private final RunnerProperties properties;
  private final ServletWebServerApplicationContext server;
  private final String owner;
  private final Duration lease;
  private final Map<AttemptId, RunLauncher.Handle> running = new ConcurrentHashMap<>();
  private volatile @Nullable ScheduledExecutorService worker;

  Dispatcher(
      JobRuns runs,
      RunLauncher launcher,
      RunnerProperties properties,
      ServletWebServerApplicationContext server,
      ServerId serverId,
      @Value("${trainyard.lease}") Duration lease) {
    this.runs = runs;
    this.launcher = launcher;
    this.properties = properties;
    this.server = server;
    this.owner = serverId.value();
    this.lease = lease;
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
    repeat(executor, this::fill, POLL);
    executor.execute(guarded(this::prepare));
  }

  /** Before the web server stops: gives the jobs back, then ends their runners. */
  @Override
  public void stop() {
    ScheduledExecutorService executor = worker;
    worker = null;
    if (executor == null) {
      return;
    }
    finish(executor);
    for (AttemptId id : running.keySet()) {
      guarded(() -> runs.handBack(id)).run();
    }
    running.values().forEach(handle -> handle.kill(STOP_GRACE));
    running.values().forEach(handle -> handle.exit().join());
  }

  /** Lets the present task end: an interrupt in the middle of a write closes H2's file. */
  private static void finish(ScheduledExecutorService executor) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(STOP_GRACE.toSeconds(), TimeUnit.SECONDS)) {
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
              guarded(() -> kill(id)), properties.cancelGrace().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void queued() {
    if (running.size() < properties.slots()) {
      fill();
    } else {
      prepareLater();
    }
  }

  private void fill() {
    while (running.size() < properties.slots() && worker != null) {
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
      running.put(id, handle);
      LOG.info("attempt {} started", id);
      if (running.size() < properties.slots()) {
        prepareLater();
      }
      var unused = handle.exit().whenComplete((code, error) -> onWorker(() -> exited(id, code)));
    } catch (IOException e) {
      LOG.error("attempt {} cannot be started", id, e);
      runs.exited(
          id, null, Reason.LEASE_EXPIRED, "the runner cannot be started: " + e.getMessage());
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

  private void exited(AttemptId id, @Nullable Integer code) {
    running.remove(id);
    LOG.info("attempt {} ended with exit code {}", id, code);
    runs.exited(id, code, Reason.NATIVE_CRASH, "attempt " + id.attempt() + " " + describe(code));
    fill();
    if (running.size() < properties.slots()) {
      prepare();
    }
  }

  private void kill(AttemptId id) {
    RunLauncher.Handle handle = running.get(id);
    if (handle != null) {
      LOG.warn("attempt {} did not end by itself and is killed", id);
      handle.kill(Duration.ofSeconds(1));
    }
  }

  private void keepLeases() {
    runs.renewLeases(owner, lease);
    for (AttemptId id : runs.expired()) {
      String detail = "attempt " + id.attempt() + " was lost: its server stopped renewing it";
      runs.exited(id, null, Reason.LEASE_EXPIRED, detail);
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
        LOG.error("the database did not answer; trying again", e);
      } catch (RuntimeException e) {
        LOG.error("dispatcher task failed", e);
      }
    };
  }

  private static String describe(@Nullable Integer code) {
    if (code == null) {
      return "was lost";
    }
    String signal =
        switch (code) {
          case 134 -> " (SIGABRT)";
          case 137 -> " (SIGKILL)";
          case 139 -> " (SIGSEGV)";
          case 143 -> " (SIGTERM)";
          default -> "";
        };
    return "ended with exit code " + code + signal + " and without a result";
  }
}
