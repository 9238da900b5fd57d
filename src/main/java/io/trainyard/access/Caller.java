package io.trainyard.access;

/**
 * Who makes a request.
 *
 * @param owner to whom belongs what it makes
 */
public record Caller(String owner, Role role) {
  /** The owner of everything where neither keys nor OIDC are configured. */
  public static final String LOCAL_OWNER = "local";

  public static final Caller LOCAL = new Caller(LOCAL_OWNER, Role.ADMIN);

  /** Whether there is anything that this caller does not see. */
  public boolean seesAll() {
    return role == Role.ADMIN;
  }

  /** Whether there is anything to be seen of what belongs to {@code other}. */
  public boolean sees(String other) {
    return seesAll() || owner.equals(other);
  }
}
