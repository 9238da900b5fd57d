package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.runner.RunnerExit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A server that is told to stop leaves nothing broken: not its jobs and not who listens to them.
 */
class ShutdownIT {
  private static final String NO_SPARE = "--trainyard.runner.spare=false";

  /** All that comes over a connection until the other side closes it; fails on a reset. */
  private static CompletableFuture<String> stream(Api api, String job) {
    URI url = URI.create(api.url());
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String request =
                "GET /v1/jobs/%s/events HTTP/1.1\r\n"
                    + "Host: localhost\r\n"
                    + "Accept: text/event-stream\r\n\r\n";
            socket
                .getOutputStream()
                .write(request.formatted(job).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task, "raw-reader").start());
  }

  /** Epochs of some milliseconds. */
  private static String endless(String name) {
    return Api.longJob(name, 100_000_000).replace("\"samples\": 4000", "\"samples\": 320");
  }

  private static JsonNode firstAttempt(Api api, String id) {
    return api.get("/v1/jobs/" + id + "/attempts").expect(200).json().at("/data/0");
  }

  @Test
  void streamsEndWholeAndRunnersEndByThemselves(@TempDir Path home) throws Exception {
    String running;
    String waiting;
    List<CompletableFuture<String>> streams;
    try (ServerProcess server = ServerProcess.start(home, NO_SPARE)) {
      Api api = new Api(server.url());
      running = api.submit(endless("running"));
      waiting = api.submit(Api.shortJob("waiting"));
      api.awaitJob(running, job -> job.get("epoch").intValue() >= 100);
      String id = running;
      // Several of the one in which every moment is in the middle of an event.
      streams =
          Stream.concat(Stream.generate(() -> id).limit(5), Stream.of(waiting))
              .map(job -> stream(api, job))
              .toList();
      EventReader reader = EventReader.open(api, running);
      Awaitility.await().until(() -> reader.events.size() > 100);

      long begun = System.nanoTime();
      server.terminate();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
      reader.end().get(30, TimeUnit.SECONDS);
    }
    for (CompletableFuture<String> stream : streams) {
      String received = stream.get(30, TimeUnit.SECONDS);
      assertThat(received).startsWith("HTTP/1.1 200").endsWith("\r\n0\r\n\r\n");
      // The event before the last chunk is whole.
      assertThat(received.substring(0, received.length() - "\r\n0\r\n\r\n".length()))
          .endsWith("\n\n");
    }
    try (ServerProcess server = ServerProcess.start(home, NO_SPARE, "--trainyard.runner.slots=0")) {
      Api api = new Api(server.url());
      assertThat(api.job(running).get("state").stringValue()).isEqualTo("queued");
      assertThat(api.job(waiting).get("attempt").intValue()).isZero();
      assertThat(firstAttempt(api, running).get("outcome").stringValue()).isEqualTo("handed_back");
      assertThat(firstAttempt(api, running).get("exit_code").intValue())
          .isEqualTo(RunnerExit.PAUSED.code());
    }
  }

  @Test
  void aRunnerThatDoesNotEndIsKilledAfterTheGrace(@TempDir Path home) {
    String id;
    try (ServerProcess server =
        ServerProcess.start(home, NO_SPARE, "--trainyard.shutdown.grace=2s")) {
      Api api = new Api(server.url());
      id = api.submit(endless("deaf"));
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 1);
      ProcessHandle runner = Objects.requireNonNull(server.runner());
      ServerProcess.signal("STOP", runner.pid());

      long begun = System.nanoTime();
      server.terminate();

      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(15));
      assertThat(runner.isAlive()).isFalse();
    }
    try (ServerProcess server = ServerProcess.start(home, NO_SPARE, "--trainyard.runner.slots=0")) {
      Api api = new Api(server.url());
      assertThat(api.job(id).get("state").stringValue()).isEqualTo("queued");
      assertThat(firstAttempt(api, id).get("outcome").stringValue()).isEqualTo("handed_back");
      assertThat(firstAttempt(api, id).get("exit_code").intValue()).isEqualTo(137);
      api.post("/v1/jobs/" + id + "/cancel").expect(202);
    }
  }
}
