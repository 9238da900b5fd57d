package io.trainyard.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller who has shown a key or a token; null for one who has no role here. */
final class CallerAuthentication extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Caller caller;

  CallerAuthentication(@Nullable Caller caller) {
    super(List.of());
    this.caller = caller;
    setAuthenticated(true);
  }

  boolean may(Role role) {
    return caller != null && caller.role().includes(role);
  }

  @Override
  public @Nullable Caller getPrincipal() {
    return caller;
  }

  /** The key or token is not kept. */
  @Override
  public Object getCredentials() {
    return "";
  }

  @Override
  public String getName() {
    return caller == null ? "" : caller.owner();
  }
}
