package io.trainyard;

import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import java.io.PrintStream;
import java.time.Clock;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.json.JsonMapper;

/** What the features share at run time. */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Ids ids(Clock clock) {
    return new Ids(clock);
  }

  @Bean
  JsonMapper jsonMapper() {
    return Json.MAPPER;
  }

  /** Tells scripts and people where the server is: the port may have been chosen just now. */
  @EventListener
  void ready(ApplicationReadyEvent event) {
    if (event.getApplicationContext() instanceof ServletWebServerApplicationContext context
        && context.getWebServer() != null) {
      String host = context.getEnvironment().getProperty("server.address", "127.0.0.1");
      int port = context.getWebServer().getPort();
      PrintStream out = System.out;
      out.println("Trainyard is ready on http://" + host + ":" + port);
      out.flush();
    }
  }
}
