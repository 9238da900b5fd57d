package io.trainyard;

import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import java.io.PrintStream;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.json.JsonMapper;

/** What the features share at run time. */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConfiguration.class);

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

  /**
   * Tells scripts and people where the server is: the port may have been chosen just now. Whatever
   * the level of the log, but as a line of it where a program reads every line.
   */
  @EventListener
  void ready(ApplicationReadyEvent event) {
    if (event.getApplicationContext() instanceof ServletWebServerApplicationContext context
        && context.getWebServer() != null) {
      String host = context.getEnvironment().getProperty("server.address", "127.0.0.1");
      int port = context.getWebServer().getPort();
      String ready = "Trainyard is ready on http://" + host + ":" + port;
      if (context.getEnvironment().containsProperty("logging.structured.format.console")) {
        LOG.info(ready);
        return;
      }
      PrintStream out = System.out;
      out.println(ready);
      out.flush();
    }
  }
}
