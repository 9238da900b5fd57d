package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The process that predicts under many clients, killed, hanging, short of memory, not there. */
class ServingIT {
  private static final int CLIENTS = 50;
  private static final int REQUESTS = 20;
  private static final int MODELS = 3;
  private static final String NO_SPARE = "--trainyard.runner.spare=false";

  @TempDir Path home;

  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

  /** 40,400 bytes of parameters each. */
  private static List<String> train(Api api) {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < MODELS; i++) {
      jobs.add(
          api.submit(
              """
              {"name": "served-%d", "model": {"layers": [{"type": "Linear", "in_features": 100, "out_features": 100}]},
               "dataset": {"type": "synthetic", "seed": %d, "samples": 16, "input_shape": [100], "classes": 100},
               "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "SGD", "lr": 0.1}, "epochs": 2, "seed": %d}
              """
                  .formatted(i, i, i)));
    }
    jobs.forEach(
        job -> assertThat(api.ended(job).get("state").stringValue()).isEqualTo("succeeded"));
    return jobs;
  }

  private static String row(int number) {
    List<Double> row = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      row.add(Math.sin(number * 100 + i));
    }
    return "{\"instances\": [" + Json.write(row) + "]}";
  }

  private record Reply(int status, String body) {}

  private static Reply send(ServerProcess server, String job, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/v1/jobs/" + job + "/predict"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      var answer = Api.HTTP.send(request, BodyHandlers.ofString());
      return new Reply(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ProcessHandle predictor(ServerProcess server) {
    Awaitility.await("only the predictor").until(() -> server.runners().size() == 1);
    return server.runners().get(0);
  }

  private static double metric(ServerProcess server, String name) {
    return new Api(server.url())
        .get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  @Test
  void fiftyClientsGetWhatOneGetsThoughModelsComeAndGoAndTheProcessIsKilled() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            home,
            NO_SPARE,
            "--trainyard.serving.memory=100KB",
            "--trainyard.serving.time-limit=60s")) {
      List<String> jobs = train(new Api(server.url()));
      List<List<Reply>> expected = new ArrayList<>();
      for (String job : jobs) {
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
          replies.add(send(server, job, row(i)));
        }
        expected.add(replies);
      }
      assertThat(expected.stream().flatMap(List::stream)).allMatch(reply -> reply.status == 200);
      assertThat(expected.get(0)).isNotEqualTo(expected.get(1));
      assertThat(metric(server, "trainyard_serving_models"))
          .as("of three, room for two")
          .isEqualTo(2);
      assertThat(metric(server, "trainyard_serving_models_memory_bytes")).isEqualTo(2 * 40_400);
      ProcessHandle first = predictor(server);

      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int model = client % MODELS;
        all.add(
            clients.submit(
                () -> {
                  for (int i = 0; i < REQUESTS; i++) {
                    assertThat(send(server, jobs.get(model), row(i)))
                        .isEqualTo(expected.get(model).get(i));
                  }
                }));
      }
      Awaitility.await("the load")
          .until(() -> metric(server, "trainyard_predicted_rows_total") > 200);
      ServerProcess.signal("KILL", first.pid());
      for (Future<?> client : all) {
        client.get(120, TimeUnit.SECONDS);
      }
      assertThat(predictor(server)).isNotEqualTo(first);
      assertThat(metric(server, "trainyard_predicted_rows_total"))
          .isEqualTo(REQUESTS * (CLIENTS + MODELS));
      ProcessHandle last = predictor(server);
      server.kill();
      last.onExit().get(10, TimeUnit.SECONDS);
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void whatHangsIsEndedAndWhatCannotBeServedIsSaid() throws Exception {
    String job;
    try (ServerProcess server =
        ServerProcess.start(
            home,
            NO_SPARE,
            "--trainyard.serving.time-limit=3s",
            "--trainyard.serving.load-limit=3s",
            "--trainyard.serving.queue=1")) {
      Api api = new Api(server.url());
      job = train(api).get(0);
      put(api, job).expect(201);
      api.post("/v2/models/served/infer", tensor()).expect(200);

      hanging(server, () -> api.post("/v1/jobs/" + job + "/predict", row(0)).expect(504));
      hanging(server, () -> api.post("/v2/models/served/infer", tensor()).expect(504));
      hanging(server, () -> put(api, job).expect(504));
      ProcessHandle predictor = predictor(server);
      ServerProcess.signal("STOP", predictor.pid());
      List<CompletableFuture<Reply>> two =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> send(server, job, row(0))))
              .limit(2)
              .toList();
      CompletableFuture.anyOf(two.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
      // One was sent away, so the other one has the place.
      assertThat(api.post("/v2/models/served/infer", tensor()).expect(429).header("Retry-After"))
          .isNotEmpty();
      api.post("/v1/jobs/" + job + "/predict", row(0)).expect(429);
      put(api, job).expect(429);
      assertThat(two.stream().map(reply -> reply.join().status))
          .containsExactlyInAnyOrder(504, 429);

      predictor.onExit().get(10, TimeUnit.SECONDS);
      Path artifacts = home.resolve("jobs").resolve(job).resolve("artifacts");
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(artifacts, "deployment-*.safetensors")) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      api.post("/v2/models/served/infer", tensor()).expect(503);
      api.get("/v2/models/served/ready").expect(400);
      JsonNode deployment = api.get("/v1/deployments/served").expect(200).json();
      assertThat(deployment.get("state").stringValue()).isEqualTo("failed");
      assertThat(deployment.get("error").stringValue()).contains("gone");
      put(api, job).expect(200);
      api.get("/v2/models/served/ready").expect(200);
    }
    try (ServerProcess server =
        ServerProcess.start(home, NO_SPARE, "--trainyard.serving.heap=1KB")) {
      Api api = new Api(server.url());
      api.post("/v1/jobs/" + job + "/predict", row(0)).expect(503);
      api.post("/v2/models/served/infer", tensor()).expect(503);
      put(api, job).expect(503);
      api.get("/v1/jobs/" + job).expect(200);
    }
  }

  /** Does something while the process stands still, which is ended for it. */
  private static void hanging(ServerProcess server, Runnable request) throws Exception {
    ProcessHandle predictor = predictor(server);
    ServerProcess.signal("STOP", predictor.pid());
    request.run();
    predictor.onExit().get(10, TimeUnit.SECONDS);
    // The next one is there before the next signal.
    Api api = new Api(server.url());
    api.post("/v2/models/served/infer", tensor()).expect(200);
  }

  private static String tensor() {
    return "{\"inputs\": [{\"name\": \"input\", \"shape\": [1, 100], \"datatype\": \"FP32\", \"data\": "
        + Collections.nCopies(100, 0.5)
        + "}]}";
  }

  private static Api.Answer put(Api api, String job) {
    return api.send(
        "PUT",
        "/v1/deployments/served",
        BodyPublishers.ofString("{\"job\": \"" + job + "\"}"),
        "Content-Type",
        "application/json");
  }
}
