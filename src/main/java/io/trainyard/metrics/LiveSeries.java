package io.trainyard.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobChanged;
import io.trainyard.training.Epoch;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The series of the jobs whose runners report to this server. They appear with a job's first epoch
 * and are removed a while after it has ended or waits again, so that a last scrape sees the end.
 */
@Component
class LiveSeries implements DisposableBean {
  /** Runners give a sign of life twice a second: the run of a silent one went to another server. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final MeterRegistry registry;
  private final Duration linger;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "metrics-sweeper");
            thread.setDaemon(true);
            return thread;
          });

  /** A job's series, until when they stay if nothing more is heard of it. */
  private record Entry(JobSeries series, long until) {}

  LiveSeries(MeterRegistry registry, @Value("${trainyard.metrics.linger}") Duration linger) {
    this.registry = registry;
    this.linger = linger;
    var unused =
        sweeper.scheduleWithFixedDelay(
            this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Shows what a change tells.
   *
   * @param epoch the latest epoch among its events, if there is one
   */
  void changed(JobChanged change, @Nullable Epoch epoch) {
    Job job = change.job();
    entries.compute(
        job.id(),
        (id, entry) -> {
          if (entry == null && epoch == null) {
            return null;
          }
          JobSeries series =
              entry == null ? new JobSeries(registry, id, job.spec().name()) : entry.series();
          if (epoch != null) {
            series.epoch(epoch);
          }
          series.job(job);
          if (change.residentBytes() != null) {
            series.resident(change.residentBytes());
          }
          Duration stay = job.state().held() ? linger.plus(SILENCE) : linger;
          return new Entry(series, System.nanoTime() + stay.toNanos());
        });
  }

  @Override
  public void destroy() {
    sweeper.shutdownNow();
  }

  private void sweep() {
    long now = System.nanoTime();
    for (String job : entries.keySet()) {
      entries.computeIfPresent(
          job,
          (id, entry) -> {
            if (now - entry.until() < 0) {
              return entry;
            }
            entry.series().remove();
            return null;
          });
    }
  }
}
