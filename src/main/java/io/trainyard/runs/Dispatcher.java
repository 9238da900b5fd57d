package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.JobRuns;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Reason;
import java.io.IOException;
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

  /** After a launcher was not available; jobs wait in the queue meanwhile. */
  private static final Duration UNAVAILABLE_PAUSE = Duration.ofSeconds(15);

  private final JobRuns runs;
  private final RunLauncher launcher;
  private final RunnerProperties properties;
  private final RunOrders orders;
  private final ServerUrl serverUrl;
  private final String owner;
  private final Duration lease;
  private final Map<AttemptId, RunLauncher.Handle> running = new ConcurrentHashMap<>();
  private volatile @Nullable ScheduledExecutorService worker;
  private long claimsFrom = System.nanoTime();

  Dispatcher(
      JobRuns runs,
      RunLauncher launcher,
      RunnerProperties properties,
      RunOrders orders,
      ServerUrl serverUrl,
      ServerId serverId,
      @Value("${trainyard.lease}") Duration lease) {
    this.runs = runs;
    this.launcher = launcher;
    this.properties = properties;
    this.orders = orders;
    this.serverUrl = serverUrl;
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
    executor.execute(guarded(() -> runs.heldBy(owner).forEach(this::recover)));
    long third = lease.toMillis() / 3;
    repeat(executor, this::keepLeases, Duration.ofMillis(third));
    repeat(executor, this::fill, POLL);
    executor.execute(guarded(this::prepare));
  }

  /**
   * Before the web server stops: gives the jobs back, then ends their runners. Those that go on
   * without this server are left alone; who holds their lease next finds them.
   */
  @Override
  public void stop() {
    ScheduledExecutorService executor = worker;
    worker = null;
    if (executor == null) {
      return;
    }
    finish(executor);
    if (launcher.detached()) {
      return;
    }
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
      executor.execute(guarded(this::fill));
    } else if (state == JobState.CANCELLING) {
      killLater(new AttemptId(change.job().id(), change.job().runs().attempt()));
    }
  }

  private void killLater(AttemptId id) {
    later(() -> kill(id), properties.cancelGrace());
  }

  private void fill() {
    while (running.size() < properties.slots()
        && worker != null
        && System.nanoTime() - claimsFrom >= 0) {
      JobRuns.Claim claim = runs.claim(owner, lease).orElse(null);
      if (claim == null) {
        return;
      }
      launch(claim);
    }
  }

  private void launch(JobRuns.Claim claim) {
    AttemptId id = claim.id();
    RunLauncher.Request request =
        new RunLauncher.Request(
            id,
            claim.token(),
            serverUrl.get(),
            claim.job().spec().document().path("device").asString("auto"),
            orders.secondsLeft(claim.job()));
    try {
      supervise(id, launcher.launch(request));
      LOG.info("attempt {} started", id);
      // Not at once: the job that has just begun should have the processors to itself.
      later(this::prepare, PREPARE_DELAY);
    } catch (RunLauncher.UnavailableException e) {
      LOG.warn("attempt {} cannot be started now: {}", id, e.getMessage());
      claimsFrom = System.nanoTime() + UNAVAILABLE_PAUSE.toNanos();
      runs.handBack(id);
    } catch (IOException e) {
      LOG.error("attempt {} cannot be started", id, e);
      runs.exited(id, null, Reason.START_FAILED, "the runner cannot be started: " + e.getMessage());
    }
  }

  private void supervise(AttemptId id, RunLauncher.Handle handle) {
    running.put(id, handle);
    var unused = handle.exit().whenComplete((exit, error) -> onWorker(() -> exited(id, exit)));
  }

  /** An attempt that this server holds and does not supervise: goes on if its runner does. */
  private void recover(AttemptId id) {
    try {
      RunLauncher.Handle handle = launcher.attach(id).orElse(null);
      if (handle == null) {
        runs.handBack(id);
      } else {
        LOG.info("attempt {} goes on", id);
        supervise(id, handle);
      }
    } catch (IOException e) {
      LOG.warn("attempt {} cannot be looked for now: {}", id, e.toString());
    }
  }

  private void prepare() {
    if (worker == null || properties.slots() == 0 || !properties.spare()) {
      return;
    }
    try {
      launcher.prepare(serverUrl.get());
    } catch (IOException e) {
      LOG.warn("no spare runner: {}", e.toString());
    }
  }

  private void exited(AttemptId id, RunLauncher.@Nullable Exit exit) {
    running.remove(id);
    if (exit == null) {
      exit = new RunLauncher.Exit(null, Reason.RUNNER_LOST, "was lost");
    }
    LOG.info("attempt {} ended with exit code {}", id, exit.code());
    runs.exited(id, exit.code(), exit.reason(), "attempt " + id.attempt() + " " + exit.detail());
    fill();
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
    if (launcher.detached()) {
      keepDetached();
      return;
    }
    for (AttemptId id : runs.expired()) {
      String detail = "attempt " + id.attempt() + " was lost: its server stopped renewing it";
      runs.exited(id, null, Reason.LEASE_EXPIRED, detail);
    }
    fill();
  }

  /** Runners that need no server: what was another's is taken over, what was missed is done. */
  private void keepDetached() {
    runs.expired().forEach(id -> runs.adopt(id, owner, lease));
    runs.heldBy(owner).stream().filter(id -> !running.containsKey(id)).forEach(this::recover);
    // The cancel may have been another server's to answer.
    running.keySet().stream().filter(runs::cancelling).forEach(this::killLater);
    fill();
  }

  private void onWorker(Runnable task) {
    ScheduledExecutorService executor = worker;
    if (executor != null) {
      executor.execute(guarded(task));
    }
  }

  private void later(Runnable task, Duration delay) {
    ScheduledExecutorService executor = worker;
    if (executor != null) {
      var unused = executor.schedule(guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
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
}
