package io.trainyard.access;

import io.trainyard.shared.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Without keys a browser on this machine is all that stands between a page of another site and this
 * server: such a page must neither change anything here nor reach it by a name of its own.
 */
final class LocalRequests extends OncePerRequestFilter {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|[\\w-]+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

  private final AccessProblems problems;
  private final boolean loopbackOnly;

  LocalRequests(AccessProblems problems, boolean loopbackOnly) {
    this.problems = problems;
    this.loopbackOnly = loopbackOnly;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String host = request.getHeader(HttpHeaders.HOST);
    if (loopbackOnly && host != null && !LOOPBACK.matcher(host).matches()) {
      refuse(request, response, "without keys the server answers to this machine's own names only");
    } else if (!SAFE.contains(request.getMethod()) && fromElsewhere(request, host)) {
      refuse(request, response, "without keys a page of another site may not change anything");
    } else {
      chain.doFilter(request, response);
    }
  }

  private static boolean fromElsewhere(HttpServletRequest request, @Nullable String host) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return false;
    }
    try {
      return !String.valueOf(URI.create(origin).getRawAuthority()).equals(host);
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response, String detail)
      throws IOException {
    problems.answer(request, response, Problem.Kind.FORBIDDEN, detail);
  }
}
