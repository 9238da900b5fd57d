package io.trainyard.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/** Says in place of a stack trace what to configure. */
final class UnsafeAccessAnalyzer extends AbstractFailureAnalyzer<UnsafeAccess> implements Ordered {

  @Override
  protected FailureAnalysis analyze(Throwable failure, UnsafeAccess cause) {
    return new FailureAnalysis(
        cause.getMessage(), "See docs/security.md for keys, OIDC and loopback.", cause);
  }

  /** Before Spring's own, which would tell of the binding. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }
}
