package io.trainyard.access;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  /** Without keys everything belongs to one owner. */
  @Bean
  CurrentCaller currentCaller() {
    return () -> Caller.LOCAL;
  }
}
