package io.trainyard.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** What browsers are told; to Spring's own: no sniffing, no frames, no caching of answers. */
final class SecurityHeaders {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** Swagger UI sets styles of its elements and has pictures as data. */
  private static final String DOCS_POLICY =
      POLICY
          .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
          .replace("img-src 'self'", "img-src 'self' data:");

  private SecurityHeaders() {}

  static void write(HeadersConfigurer<HttpSecurity> headers) {
    headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER));
    headers.addHeaderWriter(SecurityHeaders::policy);
  }

  private static void policy(HttpServletRequest request, HttpServletResponse response) {
    boolean docs = request.getRequestURI().startsWith(request.getContextPath() + "/docs/");
    response.setHeader("Content-Security-Policy", docs ? DOCS_POLICY : POLICY);
  }
}
