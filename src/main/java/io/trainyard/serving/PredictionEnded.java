package io.trainyard.serving;

import java.time.Duration;

/**
 * Published when a request for predictions has been answered.
 *
 * @param outcome {@link #DONE}, {@link #FAILED} or the code of the problem that it ended with
 * @param rows that were to be predicted
 * @param duration with the wait for its turn and, if need be, for its model
 */
public record PredictionEnded(String outcome, int rows, Duration duration) {
  public static final String DONE = "done";

  /** By an error of the service itself. */
  public static final String FAILED = "failed";
}
