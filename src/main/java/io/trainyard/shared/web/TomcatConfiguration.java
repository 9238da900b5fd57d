package io.trainyard.shared.web;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is Tomcat's own. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {
  private static final String WRITE_BUFFER = Integer.toString(64 << 10);

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problems() {
    return factory ->
        factory.addContextCustomizers(
            context -> {
              if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
              }
            });
  }

  /** Of each connection. A write costs by the call, and an event stream is nothing but writes. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> writeBuffers() {
    return factory ->
        factory.addConnectorCustomizers(
            connector -> connector.setProperty("socket.appWriteBufSize", WRITE_BUFFER));
  }
}
