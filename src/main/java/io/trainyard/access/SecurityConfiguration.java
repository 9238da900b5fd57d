package io.trainyard.access;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * The filters before every request. A caller is known by the Authorization header alone, which a
 * browser does not send by itself; so there are no sessions and nothing for a forged request to
 * use.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  /** The management port, where there is one, is for the network of those who watch the server. */
  @Bean
  @Order(1)
  SecurityFilterChain managementSecurity(HttpSecurity http, Environment environment)
      throws Exception {
    boolean apart = ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
    return plain(http)
        .securityMatcher(
            request ->
                apart
                    && Integer.valueOf(request.getLocalPort()).equals(managementPort(environment)))
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  /** Known once the port is open, which may be a free one. */
  private static @Nullable Integer managementPort(Environment environment) {
    return environment.getProperty("local.management.port", Integer.class);
  }

  /** Each of these asks for the token of one attempt itself. */
  @Bean
  @Order(2)
  SecurityFilterChain runnerSecurity(HttpSecurity http) throws Exception {
    return plain(http)
        .securityMatcher("/internal/**")
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @Bean
  @Order(3)
  SecurityFilterChain callerSecurity(
      HttpSecurity http,
      Exposure exposure,
      ApiKeys keys,
      ObjectProvider<JwtDecoder> decoder,
      AccessProperties properties,
      AccessProblems problems)
      throws Exception {
    plain(http);
    if (!exposure.identifies()) {
      return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .addFilterBefore(
              new LocalRequests(problems, exposure.loopback()), AnonymousAuthenticationFilter.class)
          .build();
    }
    BearerTokenAuthenticationFilter bearer =
        new BearerTokenAuthenticationFilter(
            new BearerCallers(keys, decoder.getIfAvailable(), properties.oidc()));
    bearer.setAuthenticationEntryPoint(problems);
    return http.addFilterBefore(bearer, AnonymousAuthenticationFilter.class)
        .authorizeHttpRequests(Routes::rule)
        .exceptionHandling(
            refused -> refused.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .build();
  }

  /** Spring's own takes every value of a parameter; PostgreSQL has no texts with NUL. */
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowedParameterValues(value -> value.indexOf('\0') < 0);
    return firewall;
  }

  private static HttpSecurity plain(HttpSecurity http) {
    return http.csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .headers(SecurityHeaders::write);
  }
}
