package io.trainyard.jobs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How long after a job's end what is kept. Without a value it is kept for ever.
 *
 * @param checkpoints the stored states that the job could go on from
 * @param events the log, and with it the numbers of the epochs
 * @param jobs the job itself, with everything
 * @param interval how often is looked for what is due
 */
@ConfigurationProperties("trainyard.retention")
record RetentionProperties(
    @Nullable Duration checkpoints,
    @Nullable Duration events,
    @Nullable Duration jobs,
    Duration interval) {

  RetentionProperties {
    requirePositive("checkpoints", checkpoints);
    requirePositive("events", events);
    requirePositive("jobs", jobs);
    requirePositive("interval", interval);
  }

  private static void requirePositive(String name, @Nullable Duration time) {
    if (time != null && (time.isNegative() || time.isZero())) {
      throw new IllegalArgumentException(
          "trainyard.retention." + name + " must be more than nothing; empty keeps for ever");
    }
  }
}
