package io.trainyard.training.djl;

/** Settles how many steps one scripted call makes, so that calls are few and yet short. */
final class Pace {
  /** Between two looks at the observer's command. */
  private static final double TARGET_NANOS = 20e6;

  /** A first measured step is slower than those after it: growth goes by degrees. */
  private static final int GROWTH = 8;

  private int steps = 1;

  int steps() {
    return steps;
  }

  void took(int done, long nanos) {
    double fitting = TARGET_NANOS * done / Math.max(nanos, 1);
    steps = (int) Math.max(1, Math.min(fitting, (double) GROWTH * Math.max(steps, done)));
  }
}
