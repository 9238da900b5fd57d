package io.trainyard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.trainyard.serving.PredictionEnded;
import io.trainyard.serving.Predictor;
import java.time.Duration;
import java.util.stream.LongStream;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Counts and times predictions, and shows what is in memory for them. */
@Component
class ServingMetrics {
  private static final Duration[] BUCKETS =
      LongStream.of(1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Timer duration;

  ServingMetrics(MeterRegistry registry, Predictor predictor) {
    this.registry = registry;
    this.duration =
        Timer.builder("trainyard.prediction.duration")
            .description("A request for predictions, with the waits for its model and its turn")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    Gauge.builder("trainyard.serving.models", predictor, Predictor::loadedModels)
        .description("Models that this server has in memory for predictions")
        .register(registry);
    Gauge.builder("trainyard.serving.models.memory", predictor, Predictor::loadedBytes)
        .description("Memory that their parameters take")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    requests(PredictionEnded.DONE); // at 0, so that a rate sees the first one
    rows();
  }

  @EventListener
  void ended(PredictionEnded prediction) {
    requests(prediction.outcome()).increment();
    duration.record(prediction.duration());
    if (prediction.outcome().equals(PredictionEnded.DONE)) {
      rows().increment(prediction.rows());
    }
  }

  private Counter requests(String outcome) {
    return Counter.builder("trainyard.predictions")
        .description("Requests for predictions, by how they ended")
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter rows() {
    return Counter.builder("trainyard.predicted.rows")
        .description("Rows predicted")
        .register(registry);
  }
}
