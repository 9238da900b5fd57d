package io.trainyard.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.trainyard.jobs.Job;
import io.trainyard.training.Epoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The gauges of one job. */
final class JobSeries {
  private final MeterRegistry registry;
  private final Tags id;
  private final Tags names;
  private final Map<String, AtomicReference<Double>> values = new HashMap<>();
  private final List<Meter> meters = new ArrayList<>();
  private @Nullable Tags state;

  JobSeries(MeterRegistry registry, String jobId, String jobName) {
    this.registry = registry;
    this.id = Tags.of("job_id", jobId);
    this.names = id.and("job_name", jobName);
  }

  synchronized void epoch(Epoch row) {
    Double validation = row.validationLoss();
    set("trainyard.job.loss", names.and("split", "train"), row.trainLoss());
    if (validation != null) {
      set("trainyard.job.loss", names.and("split", "validation"), validation);
    }
    String split = validation == null ? "train" : "validation";
    row.metrics()
        .forEach(
            (metric, value) ->
                set("trainyard.job.metric", names.and("metric", metric, "split", split), value));
    set("trainyard.job.epoch", names, row.epoch());
    set("trainyard.job.learning.rate", names, row.lr());
  }

  synchronized void job(Job job) {
    set("trainyard.job.progress.ratio", names, job.progress().fraction());
    String reason = job.outcome().reason() == null ? "" : job.outcome().reason().word();
    Tags now = names.and("state", job.state().word(), "reason", reason);
    Tags before = state;
    // A state that was left stays as a 0, so that the last of a time range can be told.
    if (before != null && !before.equals(now)) {
      set("trainyard.job.state", before, 0);
    }
    state = now;
    set("trainyard.job.state", now, 1);
  }

  synchronized void resident(long bytes) {
    set("trainyard.runner.resident", id, BaseUnits.BYTES, (double) bytes);
  }

  synchronized void remove() {
    meters.forEach(registry::remove);
    meters.clear();
  }

  private void set(String name, Tags tags, double value) {
    set(name, tags, null, value);
  }

  private void set(String name, Tags tags, @Nullable String unit, double value) {
    values
        .computeIfAbsent(
            name + tags,
            key -> {
              AtomicReference<Double> holder = new AtomicReference<>(value);
              meters.add(
                  Gauge.builder(name, holder, AtomicReference::get)
                      .tags(tags)
                      .baseUnit(unit)
                      .strongReference(true)
                      .register(registry));
              return holder;
            })
        .set(value);
  }
}
