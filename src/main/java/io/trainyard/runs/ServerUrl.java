package io.trainyard.runs;

import java.net.URI;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.stereotype.Component;

/** Where runners reach this server. */
@Component
class ServerUrl {
  private final RunnerProperties properties;
  private final ServletWebServerApplicationContext server;

  ServerUrl(RunnerProperties properties, ServletWebServerApplicationContext server) {
    this.properties = properties;
    this.server = server;
  }

  /** As configured, or this machine's loopback and the port that the web server has. */
  URI get() {
    URI configured = properties.serverUrl();
    if (configured != null) {
      return configured;
    }
    var webServer = server.getWebServer();
    int port = webServer == null ? 0 : webServer.getPort();
    return URI.create("http://127.0.0.1:" + port);
  }
}
