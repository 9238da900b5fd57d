package io.trainyard.serving;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How predictions run.
 *
 * @param memory that the models in the process take at most, and the numbers on the way through one
 *     of them
 * @param heap bound of the process's Java heap; tensors are outside it
 * @param threads of its arithmetic
 * @param timeLimit of one prediction, and of the wait for its turn
 * @param loadLimit of bringing one model into memory
 * @param idle after so long without a prediction the process ends
 * @param queue how many predictions may wait
 * @param maxInstances of one request
 */
@ConfigurationProperties("trainyard.serving")
record ServingProperties(
    DataSize memory,
    DataSize heap,
    int threads,
    Duration timeLimit,
    Duration loadLimit,
    Duration idle,
    int queue,
    int maxInstances) {

  ServingProperties {
    if (threads < 1 || queue < 1 || maxInstances < 1) {
      throw new IllegalArgumentException(
          "trainyard.serving.threads, queue and max-instances must be at least 1");
    }
    if (timeLimit.toMillis() < 1 || loadLimit.toMillis() < 1 || idle.toMillis() < 1) {
      throw new IllegalArgumentException(
          "trainyard.serving.time-limit, load-limit and idle must be positive");
    }
  }
}
