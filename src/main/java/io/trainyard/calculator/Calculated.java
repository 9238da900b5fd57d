package io.trainyard.calculator;

import java.time.Duration;

/**
 * Published when a calculation has ended.
 *
 * @param outcome {@link #DONE}, {@link #FAILED} or the code of the problem that it ended with
 * @param duration from the request on, with the wait for its turn
 */
public record Calculated(String outcome, Duration duration) {
  public static final String DONE = "done";

  /** By an error of the calculator itself. */
  public static final String FAILED = "failed";
}
