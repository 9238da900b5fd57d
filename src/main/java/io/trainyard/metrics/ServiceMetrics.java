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
  private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

  private final Jobs jobs;
  private final EventStreams streams;
  private Map<JobState, Long> counts = Map.of();
  private long countedAt = System.nanoTime() - KEPT_NANOS;

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
    if (now - countedAt >= KEPT_NANOS) {
      counts = jobs.countByState();
      countedAt = now;
    }
    return counts.getOrDefault(state, 0L);
  }
}
