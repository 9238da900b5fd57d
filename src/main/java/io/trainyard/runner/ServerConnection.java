package io.trainyard.runner;

import io.trainyard.runner.protocol.RunCheckpoint;
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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** The runner's side of the protocol. */
final class ServerConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long RETRY_MILLIS = 1000;

  /** Of the server itself, with one request: it may not be better the next time. */
  private static final int MOST_FAILURES = 10;

  /** Of a request that carries a file. */
  private static final Duration TRANSFER = Duration.ofHours(1);

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

  /** The server failed at a request. */
  private static final class ServerFailure extends IOException {
    private static final long serialVersionUID = 1L;

    ServerFailure(String message) {
      super(message);
    }
  }

  /** The server cannot store a file; the message says why. */
  static final class StorageException extends IOException {
    private static final long serialVersionUID = 1L;

    StorageException(String message) {
      super(message);
    }
  }

  /** The server answered, and did not do it. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    RefusedException(int status) {
      super("the server answered " + status);
      passing = status >= 500;
    }

    /** Whether it may do it another time. */
    boolean passing() {
      return passing;
    }
  }

  /** A request that changes nothing and needs no token. */
  static void greet(URI server) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v2/health/live")).timeout(TIMEOUT).build();
    CLIENT.send(request, HttpResponse.BodyHandlers.discarding());
  }

  RunOrder order() throws IOException, InterruptedException {
    HttpRequest request = request("").GET().build();
    return Json.parse(patiently(request, BodyHandlers.ofString()), RunOrder.class);
  }

  InputStream dataset() throws IOException, InterruptedException {
    HttpRequest request = request("/dataset").GET().build();
    return patiently(request, BodyHandlers.ofInputStream());
  }

  RunReply.Command report(RunReport report) throws IOException, InterruptedException {
    HttpRequest request =
        request("/events")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(report)))
            .build();
    return Json.parse(answer(request, BodyHandlers.ofString()), RunReply.class).command();
  }

  void upload(String name, Path file) throws IOException, InterruptedException {
    patiently(put("/artifacts/" + name, file), BodyHandlers.ofString());
  }

  /**
   * Stores a file of a checkpoint.
   *
   * @throws RefusedException if the server answers that it cannot
   */
  void uploadCheckpoint(int epoch, String name, Path file)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        CLIENT.send(put(checkpoint(epoch, name), file), BodyHandlers.ofString());
    checkCheckpoint(response);
  }

  /**
   * Fetches a file of a checkpoint.
   *
   * @throws RefusedException if the server answers that it cannot, or has none
   */
  void checkpoint(RunCheckpoint checkpoint, String name, Path to)
      throws IOException, InterruptedException {
    String path = checkpoint(checkpoint.epoch(), name) + "?row=" + checkpoint.row();
    HttpRequest request = request(path).timeout(TRANSFER).GET().build();
    HttpResponse<InputStream> response = CLIENT.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      checkCheckpoint(response);
      Files.copy(body, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String checkpoint(int epoch, String name) {
    return "/checkpoints/" + epoch + "/" + name;
  }

  private HttpRequest put(String path, Path file) throws IOException {
    return request(path)
        .header("Content-Type", "application/octet-stream")
        .timeout(TRANSFER)
        .PUT(HttpRequest.BodyPublishers.ofFile(file))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  /**
   * Asks until the server answers: what was trained must not be lost because its database is away
   * for a while. A server that is gone ends this process by {@link ServerWatch}; one that outlives
   * its server waits for another one as long as its patience lasts.
   */
  private <T> T patiently(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    int failures = 0;
    while (true) {
      try {
        return answer(request, handler);
      } catch (FencedException | StorageException e) {
        throw e;
      } catch (ServerFailure e) {
        failures++;
        if (failures >= MOST_FAILURES) {
          throw e;
        }
        LOG.warn("{}; trying again", e.toString());
      } catch (IOException e) {
        if (!patience.isZero() && System.nanoTime() - begun >= patience.toNanos()) {
          throw e;
        }
        LOG.warn("{} {}: {}; trying again", request.method(), request.uri(), e.toString());
      }
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }
  }

  private static <T> T answer(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpResponse<T> response = CLIENT.send(request, handler);
    check(response);
    return response.body();
  }

  /** As {@link #check}, but a checkpoint that is missing or not taken is no end of the run. */
  private static void checkCheckpoint(HttpResponse<?> response) throws IOException {
    int status = response.statusCode();
    if (status == 401 || status == 409) {
      check(response);
    } else if (status >= 300) {
      throw new RefusedException(status);
    }
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
    if (status == 507) {
      throw new StorageException(detail(response.body()));
    }
    if (status == 500) {
      throw new ServerFailure("the server answered 500 to " + response.uri());
    }
    if (status >= 300) {
      throw new IOException("the server answered " + status + " to " + response.uri());
    }
  }

  /** What a problem says. */
  private static String detail(Object body) {
    try {
      return Json.MAPPER.readTree(String.valueOf(body)).path("detail").asString();
    } catch (JacksonException e) {
      return String.valueOf(body);
    }
  }
}
