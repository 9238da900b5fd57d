package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.JobRuns;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
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
  private static final RunLauncher.Exit LOST =
      new RunLauncher.Exit(null, Reason.RUNNER_LOST, "was lost");

  /** After a launcher was not available; jobs wait in the queue meanwhile. */
  private static final Duration UNAVAILABLE_PAUSE = Duration.ofSeconds(15);

  private final JobRuns runs;
  private final Runners runners;
  private final RunLauncher launcher;
  private final AttemptEnds ends;
  private final RunnerProperties properties;
  private final RunOrders orders;
  private final ServerUrl serverUrl;
  private final String owner;
  private final Duration lease;
  private final Duration grace;
  private volatile @Nullable Worker worker;
  private long claimsFrom = System.nanoTime();
  private boolean spareAskedFor;

  Dispatcher(
      JobRuns runs,
      Runners runners,
      RunLauncher launcher,
      AttemptEnds ends,
      RunnerProperties properties,
      RunOrders orders,
      ServerUrl serverUrl,
      ServerId serverId,
      @Value("${trainyard.lease}") Duration lease,
      @Value("${trainyard.shutdown.grace}") Duration grace) {
    this.runs = runs;
    this.runners = runners;
    this.launcher = launcher;
    this.ends = ends;
    this.properties = properties;
    this.orders = orders;
    this.serverUrl = serverUrl;
    this.owner = serverId.value();
    this.lease = lease;
    this.grace = grace;
  }

  /** After the web server has started: the runners report to it. */
  @Override
  public void start() {
    Worker started = new Worker("trainyard-dispatcher");
    worker = started;
    runners.open();
    started.now(() -> runs.heldBy(owner).forEach(id -> Worker.about(id, () -> recover(id))));
    started.repeat(this::keepLeases, lease.dividedBy(3));
    started.repeat(this::settle, POLL);
    if (!launcher.detached()) {
      // A runner that needs no server may report to any of them.
      started.repeat(this::endSilent, properties.hangLimit().dividedBy(Runners.LOOKS));
    }
    started.now(this::prepare);
  }

  /**
   * Before the web server stops, which the runners report to: has the runners end by themselves, so
   * that they leave their jobs as far as they are, and gives back what is then still held. Runners
   * that go on without this server are left alone; who holds their lease next finds them.
   */
  @Override
  public void stop() {
    Worker stopped = worker;
    worker = null;
    if (stopped == null) {
      return;
    }
    if (launcher.detached()) {
      stopped.finish();
      return;
    }
    runners.stop(grace); // with its leases still renewed
    stopped.finish();
    ends.handBack();
  }

  @Override
  public boolean isRunning() {
    return worker != null;
  }

  @TransactionalEventListener(fallbackExecution = true)
  void changed(JobChanged change) {
    Worker present = worker;
    if (present == null || change.events().isEmpty()) {
      return;
    }
    JobState state = change.job().state();
    if (state == JobState.QUEUED) {
      present.now(this::queued);
    } else if (state == JobState.CANCELLING) {
      killLater(new AttemptId(change.job().id(), change.job().runs().attempt()));
    }
  }

  private void queued() {
    if (slotFree()) {
      fill();
    } else if (!spareAskedFor) {
      spareAskedFor = true; // once for all that come meanwhile
      prepareLater();
    }
  }

  private boolean slotFree() {
    return runners.atWork() < properties.slots();
  }

  private void fill() {
    while (slotFree() && worker != null && System.nanoTime() - claimsFrom >= 0) {
      JobRuns.Claim claim = runs.claim(owner, lease).orElse(null);
      if (claim == null) {
        return;
      }
      Worker.about(claim.id(), () -> launch(claim));
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
      prepareLater();
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
    runners.started(id, handle);
    var unused =
        handle
            .exit()
            .whenComplete(
                (exit, error) -> {
                  Worker present = worker;
                  if (present != null) {
                    present.now(() -> exited(id, exit == null ? LOST : exit));
                  }
                });
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

  /**
   * Not at once: the job that has just begun should have the processors to itself. One that takes
   * the last slot keeps them until it ends or another one waits by then, since threads that wait
   * for each other lose far more than the share of a processor that a starting runner takes.
   */
  private void prepareLater() {
    later(this::prepare, PREPARE_DELAY);
  }

  private void prepare() {
    spareAskedFor = false;
    boolean wanted = worker != null && properties.spare() && properties.slots() > 0;
    if (!wanted || !(slotFree() || runs.waiting())) {
      return;
    }
    try {
      launcher.prepare(serverUrl.get());
    } catch (IOException e) {
      LOG.warn("no spare runner: {}", e.toString());
    }
  }

  private void exited(AttemptId id, RunLauncher.Exit exit) {
    Worker.about(id, () -> LOG.info("attempt {} ended with exit code {}", id, exit.code()));
    runners.exited(id, exit);
    settle();
    if (slotFree()) {
      prepare();
    }
  }

  /** Records ends, again and again while the database does not answer, and fills the slots. */
  private void settle() {
    ends.record();
    fill();
  }

  private void killLater(AttemptId id) {
    later(() -> killCancelled(id), properties.cancelGrace());
  }

  private void killCancelled(AttemptId id) {
    String detail = "did not answer the cancel and was killed";
    if (runners.kill(id, KILL_GRACE, new Runners.Killed(Reason.USER, detail))) {
      Worker.about(id, () -> LOG.warn("attempt {} did not end by itself and is killed", id));
    }
  }

  private void endSilent() {
    String detail =
        "did not report for " + properties.hangLimit().toSeconds() + " s and was killed";
    for (AttemptId id : runners.silent()) {
      Worker.about(id, () -> LOG.warn("attempt {} {}", id, detail));
      runners.kill(id, KILL_GRACE, new Runners.Killed(Reason.LEASE_EXPIRED, detail));
    }
  }

  private void keepLeases() {
    runs.renewLeases(owner, runners.ids(), lease);
    for (AttemptId id : runners.leftover(Set.copyOf(runs.heldBy(owner)))) {
      Worker.about(id, () -> LOG.warn("attempt {} holds no job any more and is killed", id));
      runners.kill(id, KILL_GRACE, null);
    }
    if (launcher.detached()) {
      keepDetached();
    } else {
      runs.expired().forEach(id -> Worker.guarded(() -> runs.expire(id)));
    }
    fill();
  }

  /** Runners that need no server: what was another's is taken over, what was missed is done. */
  private void keepDetached() {
    runs.expired().forEach(id -> runs.adopt(id, owner, lease));
    Set<AttemptId> supervised = runners.ids();
    runs.heldBy(owner).stream().filter(id -> !supervised.contains(id)).forEach(this::recover);
    // The cancel may have been another server's to answer.
    supervised.stream().filter(runs::cancelling).forEach(this::killLater);
  }

  private void later(Runnable task, Duration delay) {
    Worker present = worker;
    if (present != null) {
      present.later(task, delay);
    }
  }
}
