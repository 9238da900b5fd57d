package io.trainyard.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.trainyard.jobs.JobState;
import io.trainyard.jobs.Jobs;
import io.trainyard.jobs.web.EventStreams;
import java.time.Duration;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The gauges of the service as a whole. */
@Component
class ServiceMetrics implements MeterBinder {
  private static final long MIN_KEPT = Duration.ofSeconds(1).toNanos();
  private static final long MAX_KEPT = Duration.ofMinutes(1).toNanos();

  /** With very many jobs counting takes time: a hundredth of a thread's at most. */
  private static final int KEPT_PER_WORK = 100;

  private final Jobs jobs;
  private final EventStreams streams;
  private Map<JobState, Long> counts = Map.of();
  private long countedAt = System.nanoTime();
  private long kept;

  ServiceMetrics(Jobs jobs, EventStreams streams) {
    this.jobs = jobs;
    this.streams = streams;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (JobState state : JobState.values()) {
      Gauge.builder("trainyard.jobs", this, metrics -> metrics.count(state))
          .description("Jobs in the database, the same on every server")
          .tag("state", state.word())
          .register(registry);
    }
    Gauge.builder("trainyard.sse.subscribers", streams, EventStreams::subscribers)
        .description("Open event streams of this server")
        .register(registry);
  }

  /** One query serves all states of a scrape. */
  private synchronized double count(JobState state) {
    long now = System.nanoTime();
    if (now - countedAt >= kept) {
      counts = jobs.countByState();
      countedAt = System.nanoTime();
      kept = Math.min(Math.max((countedAt - now) * KEPT_PER_WORK, MIN_KEPT), MAX_KEPT);
    }
    return counts.getOrDefault(state, 0L);
  }
}
