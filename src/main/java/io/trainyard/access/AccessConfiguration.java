package io.trainyard.access;

import io.trainyard.shared.web.Idempotency;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/** Whether callers are told apart, and how. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  @Bean
  ApiKeys apiKeys(AccessProperties properties) {
    return new ApiKeys(properties.keys());
  }

  @Bean
  Exposure exposure(
      ApiKeys keys,
      ObjectProvider<JwtDecoder> decoder,
      AccessProperties properties,
      @Value("${server.address:}") String address) {
    boolean identifies = !keys.isEmpty() || decoder.getIfAvailable() != null;
    return Exposure.of(identifies, address, properties.anonymous());
  }

  @Bean
  ApplicationListener<ApplicationReadyEvent> tellOfExposure(Exposure exposure) {
    return event -> exposure.tell();
  }

  /** Without keys everything belongs to one owner. */
  @Bean
  CurrentCaller currentCaller(Exposure exposure) {
    return exposure.identifies() ? AccessConfiguration::shown : () -> Caller.LOCAL;
  }

  private static Caller shown() {
    if (SecurityContextHolder.getContext().getAuthentication()
            instanceof CallerAuthentication authentication
        && authentication.getPrincipal() != null) {
      return authentication.getPrincipal();
    }
    throw new IllegalStateException("nobody calls on this thread");
  }

  @Bean
  Idempotency.Scope idempotencyScope(CurrentCaller caller) {
    return () -> caller.get().owner();
  }
}
