package io.trainyard.training;

/** A training that cannot go on. */
public final class TrainingFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What failed, in the words of a job's {@code reason}. */
  public enum Reason {
    OUT_OF_MEMORY,
    DATA_ERROR,
    DEVICE_UNAVAILABLE
  }

  private final Reason reason;

  public TrainingFailure(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
