package io.trainyard.access;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Which role each route asks for; what is not named here is an admin's. */
final class Routes {
  private static final String[] FILES = {
    "/",
    "/index.html",
    "/icon.svg",
    "/app/**",
    "/charts/**",
    "/css/**",
    "/docs",
    "/docs/**",
    "/forms/**",
    "/vendor/**",
    "/views/**",
    "/webjars/**",
    "/openapi.yaml"
  };

  private Routes() {}

  static void rule(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests) {
    // What a request that was let in leads to.
    requests
        .dispatcherTypeMatchers(DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR)
        .permitAll();
    requests.requestMatchers(HttpMethod.GET, FILES).permitAll();
    requests.requestMatchers(HttpMethod.HEAD, FILES).permitAll();
    requests
        .requestMatchers(HttpMethod.GET, "/actuator/health", "/actuator/health/**", "/v2/health/**")
        .permitAll();
    // They calculate, and leave nothing behind.
    requests
        .requestMatchers(
            HttpMethod.POST,
            "/v1/models/validate",
            "/v1/gradients",
            "/v1/jobs/{id}/predict",
            "/v2/**")
        .access(asks(Role.VIEWER));
    requests.requestMatchers(dryRun()).access(asks(Role.VIEWER));
    for (HttpMethod reading :
        new HttpMethod[] {HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS}) {
      requests.requestMatchers(reading, "/v1/**", "/v2/**", "/v2").access(asks(Role.VIEWER));
    }
    requests.requestMatchers("/v1/**").access(asks(Role.SUBMITTER));
    requests.anyRequest().access(asks(Role.ADMIN));
  }

  private static RequestMatcher dryRun() {
    RequestMatcher jobs = PathPatternRequestMatcher.pathPattern(HttpMethod.POST, "/v1/jobs");
    return request -> jobs.matches(request) && isTrue(request);
  }

  /** Not if it is given twice: the controller might take the other one. */
  private static boolean isTrue(HttpServletRequest request) {
    return Arrays.equals(request.getParameterValues("dry_run"), new String[] {"true"});
  }

  private static AuthorizationManager<RequestAuthorizationContext> asks(Role role) {
    return (authentication, request) ->
        new AuthorizationDecision(
            authentication.get() instanceof CallerAuthentication caller && caller.may(role));
  }
}
