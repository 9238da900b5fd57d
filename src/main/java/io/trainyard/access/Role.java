package io.trainyard.access;

/** What a caller may do. Each role may do what those before it may. */
public enum Role {
  /** Reads what its owner has, and predicts. */
  VIEWER,
  /** Also makes, changes and deletes what its owner has. */
  SUBMITTER,
  /** Also does all this with what others have. */
  ADMIN;

  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
