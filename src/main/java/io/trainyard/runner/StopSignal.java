package io.trainyard.runner;

import java.util.concurrent.TimeUnit;

/**
 * SIGTERM to a run at work. It is not the end yet: the training stops at its next step, and a
 * checkpoint is stored, unless that takes so long that whoever sent it would lose patience.
 */
final class StopSignal {
  /** Kubernetes waits for half a minute before it kills. */
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(25);

  private final Thread run;
  private volatile boolean raised;

  private StopSignal(Thread run) {
    this.run = run;
  }

  /** One that nobody gives. */
  static StopSignal none() {
    return new StopSignal(Thread.currentThread());
  }

  /** From now on a signal is seen by the present thread's run, which halts the process itself. */
  static StopSignal install() {
    StopSignal signal = new StopSignal(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(new Thread(signal::await, "stop-signal"));
    return signal;
  }

  boolean raised() {
    return raised;
  }

  private void await() {
    raised = true;
    try {
      run.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
