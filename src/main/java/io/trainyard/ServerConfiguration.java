package io.trainyard;

import io.trainyard.shared.Ids;
import io.trainyard.shared.Json;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;
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

  /** The embedded database, unless another one is configured. */
  @Bean
  @Conditional(NoDatabaseNamed.class)
  JdbcConnectionDetails embeddedDatabase(@Value("${trainyard.home}") Path home) {
    Path file = home.toAbsolutePath().normalize().resolve("db").resolve("trainyard");
    // WRITE_DELAY=0: a commit is with the operating system before it is answered, so that killing
    // the server loses nothing.
    String url = "jdbc:h2:file:" + file + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    return new JdbcConnectionDetails() {
      @Override
      public String getJdbcUrl() {
        return url;
      }

      @Override
      public String getUsername() {
        return "sa";
      }

      @Override
      public String getPassword() {
        return "";
      }
    };
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

  /** Spring's own condition on a property takes every value but "false" for an empty one. */
  static final class NoDatabaseNamed implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
    }
  }
}
