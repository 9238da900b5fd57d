package io.trainyard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.trainyard.calculator.Calculated;
import io.trainyard.jobs.Job;
import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.JobRefused;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Reason;
import io.trainyard.shared.Problem;
import io.trainyard.training.Epoch;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.databind.JsonNode;

/** Counts and times what happens to jobs and calculations. */
@Component
class JobMetrics {
  /** From tiny models to an hour an epoch: few enough to be cheap on every scrape. */
  private static final Duration[] EPOCH_BUCKETS =
      LongStream.of(1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 3_600_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final Set<Reason> SUCCESS = EnumSet.of(Reason.COMPLETED, Reason.EARLY_STOPPED);

  /** The runner was gone, whatever became of the job. */
  private static final List<Reason> LOST =
      Stream.of(Reason.values()).filter(Reason::retried).toList();

  private final MeterRegistry registry;
  private final LiveSeries series;
  private final Timer queueWait;
  private final Timer epochDuration;
  private final Counter samples;

  JobMetrics(MeterRegistry registry, LiveSeries series) {
    this.registry = registry;
    this.series = series;
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
    presentFromTheStart();
  }

  /** At 0, so that a rate sees the first one. */
  private void presentFromTheStart() {
    submitted("accepted");
    submitted(Problem.Kind.INVALID.code());
    submitted(Problem.Kind.QUEUE_FULL.code());
    SUCCESS.forEach(reason -> finished(JobState.SUCCEEDED.word(), reason.word()));
    finished(JobState.CANCELLED.word(), Reason.USER.word());
    for (Reason reason : Reason.values()) {
      if (!SUCCESS.contains(reason) && reason != Reason.USER) {
        finished(JobState.FAILED.word(), reason.word());
      }
    }
    LOST.forEach(reason -> lost(reason.word()));
    calculations(Calculated.DONE);
  }

  @EventListener
  void refused(JobRefused refusal) {
    submitted(refusal.kind().code()).increment();
  }

  @EventListener
  void calculated(Calculated calculation) {
    calculations(calculation.outcome()).record(calculation.duration());
  }

  @TransactionalEventListener(fallbackExecution = true)
  void changed(JobChanged change) {
    for (JobEvent event : change.events()) {
      if (event.type() == JobEvent.Type.STATE) {
        state(change.job(), event);
      }
    }
    epochs(change.epochs());
    // A scrape sees no more than the latest of a report's epochs.
    int last = change.epochs().size() - 1;
    series.changed(change, last < 0 ? null : change.epochs().get(last));
  }

  private void state(Job job, JobEvent event) {
    JsonNode told = event.data();
    String state = told.path("state").asString();
    String reason = told.path("reason").asString("");
    boolean failed = state.equals(JobState.FAILED.word());
    if (state.equals(JobState.STARTING.word())) {
      queueWait.record(Duration.between(job.runs().queuedAt(), event.at()));
    } else if (event.sequence() == 1) {
      submitted("accepted").increment();
    } else if (failed
        || state.equals(JobState.SUCCEEDED.word())
        || state.equals(JobState.CANCELLED.word())) {
      finished(state, reason).increment();
    }
    boolean again = state.equals(JobState.QUEUED.word());
    if ((failed || again) && LOST.stream().anyMatch(lost -> lost.word().equals(reason))) {
      lost(reason).increment();
    }
  }

  private void epochs(List<Epoch> epochs) {
    double rows = 0;
    for (Epoch epoch : epochs) {
      double seconds = epoch.durationSeconds();
      epochDuration.record((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
      rows += Math.rint(seconds * epoch.samplesPerSecond());
    }
    samples.increment(rows);
  }

  private Counter submitted(String outcome) {
    return Counter.builder("trainyard.jobs.submitted")
        .description("Jobs posted, by what became of the post")
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter finished(String state, String reason) {
    return Counter.builder("trainyard.jobs.finished")
        .description("Jobs that ended, by how and why")
        .tag("state", state)
        .tag("reason", reason)
        .register(registry);
  }

  private Counter lost(String reason) {
    return Counter.builder("trainyard.runs.lost")
        .description("Runners that were gone without a result, whether the job was tried again")
        .tag("reason", reason)
        .register(registry);
  }

  private Timer calculations(String outcome) {
    return Timer.builder("trainyard.calculation.duration")
        .description("A calculation on request with the wait for its turn")
        .tag("outcome", outcome)
        .register(registry);
  }
}
