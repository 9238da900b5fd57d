package io.trainyard.runner;

/** A runner's exit codes. The job's fate is in its last report; these are for logs and clusters. */
public enum RunnerExit {
  DONE(0),
  CANCELLED(10),
  PAUSED(11),
  /** The job itself is at fault: diverged, bad data, out of memory. Not to be tried again. */
  FAILED(20),
  /** Something around the runner failed. Worth another try. */
  BROKEN(30),
  /** The attempt is no longer the job's. */
  FENCED(40),
  /** The server that started it is gone. */
  ORPHANED(50),
  /** Asked to end from outside; another run can go on from the last checkpoint. */
  STOPPED(60);

  private final int code;

  RunnerExit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
