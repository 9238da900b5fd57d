package io.trainyard.runs;

import io.trainyard.jobs.AttemptId;
import io.trainyard.shared.LogFields;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** One thread for all that must not race. A task whose failure is told ends nothing else. */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration TASK_GRACE = Duration.ofSeconds(5);

  private final ScheduledThreadPoolExecutor executor;

  Worker(String name) {
    executor = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name));
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void now(Runnable task) {
    executor.execute(() -> guarded(task));
  }

  void later(Runnable task, Duration delay) {
    var unused = executor.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  void repeat(Runnable task, Duration every) {
    var unused =
        executor.scheduleWithFixedDelay(
            () -> guarded(task), 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets the present task end: an interrupt in the middle of a write closes H2's file. */
  void finish() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(TASK_GRACE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("the dispatcher is still busy");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does something for a job, which the lines of the log then name. */
  static void about(AttemptId id, Runnable task) {
    LogFields.about(id.job(), task);
  }

  /** Runs a task here; if it is a repeated one, the next round tries again. */
  static void guarded(Runnable task) {
    try {
      task.run();
    } catch (DataAccessException | TransactionException e) {
      LOG.error("the database did not answer; trying again: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.error("dispatcher task failed", e);
    }
  }
}
