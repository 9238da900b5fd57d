package io.trainyard.access;

import io.trainyard.shared.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** What filters refuse, in the form in which controllers refuse. */
@Component
class AccessProblems
    implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AccessProblems.class);

  private final HandlerExceptionResolver resolver;

  AccessProblems(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
    this.resolver = resolver;
  }

  /** Nobody is known to call. */
  @Override
  public void commence(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    if (e instanceof BearerCallers.IssuerAway) {
      LOG.warn("a token could not be checked: {}", String.valueOf(e.getCause()));
      answer(request, response, Problem.Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
      return;
    }
    boolean shown = e instanceof OAuth2AuthenticationException;
    response.setHeader(
        HttpHeaders.WWW_AUTHENTICATE, shown ? "Bearer error=\"invalid_token\"" : "Bearer");
    String detail =
        shown
            ? "the key or token is not valid"
            : "a key or token is needed, as 'Authorization: Bearer …'";
    answer(request, response, Problem.Kind.UNAUTHORIZED, detail);
  }

  /** The caller is known and may not. */
  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
      throws IOException {
    answer(request, response, Problem.Kind.FORBIDDEN, "the caller's role does not allow this");
  }

  /** The firewall takes the request for an attack. */
  @Override
  public void handle(
      HttpServletRequest request, HttpServletResponse response, RequestRejectedException e)
      throws IOException {
    answer(request, response, Problem.Kind.MALFORMED, "the request's path cannot be read");
  }

  void answer(
      HttpServletRequest request, HttpServletResponse response, Problem.Kind kind, String detail)
      throws IOException {
    if (resolver.resolveException(request, response, null, new Problem(kind, detail)) == null) {
      response.sendError(kind.status());
    }
  }
}
