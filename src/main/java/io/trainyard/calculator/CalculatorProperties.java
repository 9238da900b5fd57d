package io.trainyard.calculator;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How calculations on request run.
 *
 * @param heap bound of the process's Java heap; tensors are outside it
 * @param threads of its arithmetic
 * @param timeLimit of one calculation, and of the wait for its turn
 * @param idle after so long without a calculation the process ends
 * @param queue how many calculations may wait
 */
@ConfigurationProperties("trainyard.calculator")
record CalculatorProperties(
    DataSize heap, int threads, Duration timeLimit, Duration idle, int queue) {

  CalculatorProperties {
    if (threads < 1) {
      throw new IllegalArgumentException("trainyard.calculator.threads must be at least 1");
    }
    if (queue < 0) {
      throw new IllegalArgumentException("trainyard.calculator.queue must not be negative");
    }
    if (timeLimit.toMillis() < 1 || idle.toMillis() < 1) {
      throw new IllegalArgumentException(
          "trainyard.calculator.time-limit and idle must be positive");
    }
  }
}
