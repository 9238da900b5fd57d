package io.trainyard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.JobRefused;
import io.trainyard.jobs.JobState;
import io.trainyard.shared.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.databind.JsonNode;

/**
 * Counts and times what happens to jobs. A job's own series appear with its first epoch on the
 * server that its runner reports to, and are removed a while after its end, so that a last scrape
 * sees the end.
 */
@Component
class JobMetrics implements DisposableBean {
  /** From tiny models to an hour an epoch: few enough to be cheap on every scrape. */
  private static final Duration[] EPOCH_BUCKETS =
      LongStream.of(1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 3_600_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Duration linger;
  private final Timer queueWait;
  private final Timer epochDuration;
  private final Counter samples;
  private final Map<String, JobSeries> series = new ConcurrentHashMap<>();
  private final ScheduledExecutorService remover =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "metrics-remover");
            thread.setDaemon(true);
            return thread;
          });

  JobMetrics(MeterRegistry registry, @Value("${trainyard.metrics.linger}") Duration linger) {
    this.registry = registry;
    this.linger = linger;
    this.queueWait =
        Timer.builder("trainyard.queue.wait")
            .description("From the queue to a runner")
            .register(registry);
    this.epochDuration =
        Timer.builder("trainyard.epoch.duration")
            .description("One epoch with its validation")
            .serviceLevelObjectives(EPOCH_BUCKETS)
            .register(registry);
    this.samples =
        Counter.builder("trainyard.samples")
            .description("Rows trained on, each time they are")
            .register(registry);
    // Present at 0 from the start, so that a rate sees the first one.
    submitted("accepted");
    submitted(Problem.Kind.INVALID.code());
    submitted(Problem.Kind.QUEUE_FULL.code());
  }

  @EventListener
  void refused(JobRefused refusal) {
    submitted(refusal.kind().code()).increment();
  }

  @TransactionalEventListener(fallbackExecution = true)
  void changed(JobChanged change) {
    Job job = change.job();
    JsonNode latest = null;
    for (JobEvent event : change.events()) {
      if (event.type() == JobEvent.Type.EPOCH) {
        latest = event.data();
        epoch(latest);
      } else if (event.type() == JobEvent.Type.STATE) {
        state(job, event);
      }
    }
    // A scrape sees no more than the latest of a report's epochs.
    JobSeries own =
        latest == null
            ? series.get(job.id())
            : series.computeIfAbsent(
                job.id(), id -> new JobSeries(registry, id, job.spec().name()));
    if (latest != null && own != null) {
      own.epoch(latest);
    }
    if (own != null) {
      own.progress(job.progress().fraction());
      if (change.residentBytes() != null) {
        own.resident(change.residentBytes());
      }
      if (job.state().terminal()) {
        var unused =
            remover.schedule(() -> remove(job.id()), linger.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  @Override
  public void destroy() {
    remover.shutdownNow();
  }

  private void state(Job job, JobEvent event) {
    String state = event.data().path("state").asString();
    if (state.equals(JobState.STARTING.word())) {
      queueWait.record(Duration.between(job.runs().queuedAt(), event.at()));
    } else if (event.sequence() == 1) {
      submitted("accepted").increment();
    }
  }

  private void epoch(JsonNode row) {
    double seconds = row.path("duration_seconds").asDouble();
    epochDuration.record((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    samples.increment(Math.rint(seconds * row.path("samples_per_second").asDouble()));
  }

  private void remove(String job) {
    JobSeries own = series.remove(job);
    if (own != null) {
      own.remove();
    }
  }

  private Counter submitted(String outcome) {
    return Counter.builder("trainyard.jobs.submitted")
        .description("Jobs posted, by what became of the post")
        .tag("outcome", outcome)
        .register(registry);
  }
}
