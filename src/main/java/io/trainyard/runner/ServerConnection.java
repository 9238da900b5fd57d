package io.trainyard.runner;

import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The runner's side of the protocol. */
final class ServerConnection {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final String base;
  private final String token;

  private final Duration patience;

  /**
   * @param patience how long to try again what must not be lost while there is no server
   */
  ServerConnection(RunnerEnvironment environment, Duration patience) {
    this.patience = patience;
    this.base = environment.server() + "/internal/runs/" + environment.attempt();
    this.token = environment.token();
  }

  /** The server no longer takes this attempt for the job's. */
  static final class FencedException extends IOException {
    private static final long serialVersionUID = 1L;

    FencedException(String message) {
      super(message);
    }
  }

  /** Loads what requests need and opens a connection. */
  static void warmUp(URI server) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/actuator/health/liveness"))
            .timeout(TIMEOUT)
            .build();
    CLIENT.send(request, HttpResponse.BodyHandlers.discarding());
  }

  RunOrder order() throws IOException, InterruptedException {
    HttpRequest request = request("").GET().build();
    return Json.parse(patiently(() -> text(request)), RunOrder.class);
  }

  InputStream dataset() throws IOException, InterruptedException {
    HttpRequest request = request("/dataset").GET().build();
    return patiently(
        () -> {
          HttpResponse<InputStream> response =
              CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
          check(response);
          return response.body();
        });
  }

  RunReply.Command report(RunReport report) throws IOException, InterruptedException {
    HttpRequest request =
        request("/events")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(report)))
            .build();
    return Json.parse(text(request), RunReply.class).command();
  }

  void upload(String name, Path file) throws IOException, InterruptedException {
    HttpRequest request =
        request("/artifacts/" + name)
            .header("Content-Type", "application/octet-stream")
            .timeout(Duration.ofHours(1))
            .PUT(HttpRequest.BodyPublishers.ofFile(file))
            .build();
    patiently(() -> text(request));
  }

  private interface Exchange<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Of a runner that outlives its server: tries again, a second later, until there is one. */
  private <T> T patiently(Exchange<T> exchange) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      try {
        return exchange.run();
      } catch (FencedException e) {
        throw e;
      } catch (IOException e) {
        if (System.nanoTime() - begun >= patience.toNanos()) {
          throw e;
        }
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  private String text(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    check(response);
    return response.body();
  }

  private static void check(HttpResponse<?> response) throws IOException {
    int status = response.statusCode();
    if (status == 401 || status == 404 || status == 409) {
      throw new FencedException("the server answered " + status);
    }
    if (status >= 400 && status < 500) {
      // Sending it again would not help.
      throw new IllegalStateException(
          "the server refused " + response.uri() + " with " + status + ": " + response.body());
    }
    if (status >= 300) {
      throw new IOException("the server answered " + status + " to " + response.uri());
    }
  }
}
