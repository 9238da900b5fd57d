package io.trainyard.shared.web;

import io.trainyard.shared.LogFields;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * By what a request is found again in logs. A client's own names are taken if they are well-formed,
 * which nothing is that could add a line or a field to a log or a header.
 *
 * @param request of {@code X-Request-Id}, 1 to 128 characters, or made here: 32 hexadecimal digits
 * @param trace of the W3C's {@code traceparent}, or made here: 32 hexadecimal digits
 */
public record RequestIds(String request, String trace) {
  static final String HEADER = "X-Request-Id";
  static final String TRACE_HEADER = "traceparent";

  private static final Pattern REQUEST = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  /** Version, trace, span, flags; what may follow is for versions to come. */
  private static final Pattern TRACE =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  /** Those of the request that this thread answers; new ones if it answers none. */
  public static RequestIds current() {
    return of(MDC.get(LogFields.REQUEST), MDC.get(LogFields.TRACE));
  }

  /** Those that headers name. */
  static RequestIds ofHeaders(@Nullable String request, @Nullable String traceparent) {
    return of(request, traceparent == null ? null : trace(traceparent));
  }

  private static RequestIds of(@Nullable String request, @Nullable String trace) {
    return new RequestIds(
        request != null && REQUEST.matcher(request).matches() ? request : made(),
        trace == null ? made() : trace);
  }

  private static @Nullable String trace(String traceparent) {
    Matcher matcher = TRACE.matcher(traceparent);
    if (!matcher.matches() || (matcher.group(1).equals("00") && matcher.group(3) != null)) {
      return null;
    }
    return matcher.group(2);
  }

  private static String made() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
