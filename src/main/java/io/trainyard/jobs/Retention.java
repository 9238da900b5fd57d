package io.trainyard.jobs;

import io.trainyard.jobs.Expiry.Kept;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Now and then removes what is kept no longer. Every server does; what one has done is done. */
@Component
class Retention implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int CHUNK = 100;
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private final Expiry expiry;
  private final JobFiles files;
  private final RetentionProperties properties;
  private final Clock clock;
  private volatile @Nullable ScheduledExecutorService worker;

  Retention(Expiry expiry, JobFiles files, RetentionProperties properties, Clock clock) {
    this.expiry = expiry;
    this.files = files;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public void start() {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "trainyard-retention"));
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    worker = executor;
    var unused =
        executor.scheduleWithFixedDelay(
            this::round, 0, properties.interval().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets the present job end: an interrupt in the middle of a write closes H2's file. */
  @Override
  public void stop() {
    ScheduledExecutorService executor = worker;
    worker = null;
    if (executor == null) {
      return;
    }
    executor.shutdown();
    try {
      if (!executor.awaitTermination(STOP_GRACE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("what is kept no longer is still being removed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return worker != null;
  }

  private void round() {
    try {
      // A job that goes takes the rest along.
      remove(Kept.JOB, properties.jobs());
      remove(Kept.EVENTS, properties.events());
      remove(Kept.CHECKPOINTS, properties.checkpoints());
      files.sweep();
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("the database did not answer; trying again later: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.error("what is kept no longer cannot be removed", e);
    }
  }

  private void remove(Kept what, @Nullable Duration kept) {
    if (kept == null) {
      return;
    }
    Instant before = clock.instant().minus(kept);
    String after = "";
    List<String> due;
    do {
      due = expiry.due(what, before, after, CHUNK);
      for (String id : due) {
        if (worker == null) {
          return;
        }
        expiry.remove(what, id, before);
        after = id;
      }
    } while (due.size() == CHUNK);
  }
}
