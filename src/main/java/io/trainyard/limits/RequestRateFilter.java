package io.trainyard.limits;

import io.trainyard.shared.Problem;
import io.trainyard.shared.web.Clients;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Bounds how often a caller asks. Runners' reports and the management endpoints are not counted: a
 * training must not suffer from what its owner's clients do, nor must a health check.
 */
@Component
class RequestRateFilter extends OncePerRequestFilter {
  private final LimitProperties limits;
  private final TokenBuckets buckets;
  private final HandlerExceptionResolver problems;

  RequestRateFilter(
      LimitProperties limits,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
    this.limits = limits;
    this.buckets =
        new TokenBuckets(limits.requestsPerSecond(), limits.requestsBurst(), System::nanoTime);
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return limits.requestsPerSecond() == 0
        || path.startsWith("/internal/")
        || path.startsWith("/actuator")
        || path.startsWith("/v2/health/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (buckets.take(Clients.caller(request))) {
      chain.doFilter(request, response);
      return;
    }
    String detail =
        "more than "
            + limits.requestsPerSecond()
            + " requests a second (trainyard.limits.requests-per-second)";
    problems.resolveException(
        request, response, null, new Problem(Problem.Kind.TOO_MANY_REQUESTS, detail));
  }
}
