package io.trainyard.shared.web;

import io.trainyard.shared.LogFields;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Names each request in its answer and in every line that is logged for it, together with the job
 * that its path is about. It comes before all other filters, whose refusals are answers, too.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestIdFilter extends OncePerRequestFilter {
  private static final String IDS = RequestIds.class.getName();
  private static final Pattern JOB = Pattern.compile("/(job_[0-9a-z]{26})(?![0-9a-z])");

  /** What a request goes on with on another thread has the same names. */
  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    RequestIds ids;
    if (request.getAttribute(IDS) instanceof RequestIds known) {
      ids = known;
    } else {
      ids =
          RequestIds.ofHeaders(
              request.getHeader(RequestIds.HEADER), request.getHeader(RequestIds.TRACE_HEADER));
      request.setAttribute(IDS, ids);
      response.setHeader(RequestIds.HEADER, ids.request());
    }
    MDC.put(LogFields.REQUEST, ids.request());
    MDC.put(LogFields.TRACE, ids.trace());
    Matcher job = JOB.matcher(request.getRequestURI());
    if (job.find()) {
      MDC.put(LogFields.JOB, job.group(1));
    }
    try {
      chain.doFilter(request, response);
    } finally {
      MDC.remove(LogFields.REQUEST);
      MDC.remove(LogFields.TRACE);
      MDC.remove(LogFields.JOB);
    }
  }
}
