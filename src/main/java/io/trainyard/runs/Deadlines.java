package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobRuns;
import io.trainyard.jobs.Reason;
import io.trainyard.limits.LimitProperties;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends the runners of jobs whose time is over and that do not end by themselves: one looks at the
 * clock between two calls of the training only, not while it loads data, or hangs in a call.
 */
@Component
class Deadlines implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration KILL_GRACE = Duration.ofSeconds(1);

  private final Runners runners;
  private final JobRuns runs;
  private final RunOrders orders;
  private final Duration grace;
  private volatile @Nullable Worker worker;

  Deadlines(Runners runners, JobRuns runs, RunOrders orders, LimitProperties limits) {
    this.runners = runners;
    this.runs = runs;
    this.orders = orders;
    this.grace = limits.runtimeGrace();
  }

  @Override
  public void start() {
    Worker started = new Worker("trainyard-deadlines");
    worker = started;
    started.repeat(() -> runners.working().forEach(id -> Worker.guarded(() -> look(id))), LOOK);
  }

  @Override
  public void stop() {
    Worker stopped = worker;
    worker = null;
    if (stopped != null) {
      stopped.finish();
    }
  }

  @Override
  public boolean isRunning() {
    return worker != null;
  }

  private void look(AttemptId id) {
    Job job = runs.current(id).orElse(null);
    Double left = job == null ? null : orders.secondsLeft(job);
    if (left == null || left + grace.toMillis() / 1000.0 > 0) {
      return;
    }
    String detail = "went on after max_runtime_seconds and was killed";
    if (runners.kill(id, KILL_GRACE, new Runners.Killed(Reason.DEADLINE_EXCEEDED, detail))) {
      LOG.warn("attempt {} {}", id, detail);
    }
  }
}
