package io.trainyard.e2e;

import static io.trainyard.e2e.LimitedJobs.custom;
import static io.trainyard.e2e.LimitedJobs.linear;
import static io.trainyard.e2e.LimitedJobs.small;
import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server with small limits, each of which is met. */
class LimitsIT {
  private static final String AHEAD = "X-Forwarded-For";

  @TempDir private static Path home;
  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start() {
    server =
        ServerProcess.start(
            home,
            "--server.forward-headers-strategy=native",
            "--trainyard.runner.spare=false",
            "--trainyard.limits.json=100KB",
            "--trainyard.limits.unpacked=1MB",
            "--trainyard.limits.rows=5000",
            "--trainyard.limits.columns=5",
            "--trainyard.limits.layers=3",
            "--trainyard.limits.parameters=20000000",
            "--trainyard.limits.expression=40",
            "--trainyard.limits.epochs=5000",
            "--trainyard.limits.memory=1GB",
            "--trainyard.limits.runtime=10m",
            "--trainyard.limits.runtime-grace=1s",
            "--trainyard.limits.streams=3",
            "--trainyard.limits.streams-per-client=2",
            "--trainyard.limits.requests-per-second=30",
            "--trainyard.limits.requests-burst=60");
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("io.trainyard.e2e.LimitedJobs#jobs")
  void aJobBeyondALimitIsRefusedWithBothNumbers(
      String limit, String pointer, ObjectNode job, String needed, String most) {
    for (String path : List.of("/v1/jobs", "/v1/jobs?dry_run=true")) {
      Api.Answer answer = api.post(path, job).expect(422);

      assertThat(answer.pointers()).containsExactly(pointer);
      assertThat(answer.json().at("/errors/0/detail").stringValue())
          .contains(needed, most, "trainyard.limits." + limit + ")");
    }
  }

  @Test
  void aModelBeyondALimitIsRefused() {
    for (String path : List.of("/v1/models", "/v1/models/validate")) {
      ObjectNode model = Json.object().put("name", "large");
      model.putArray("layers").add(Json.MAPPER.readTree(linear(10_000, 10_000)));
      assertThat(api.post(path, model).expect(422).pointers()).containsExactly("/layers");
      model.putArray("layers").add(Json.MAPPER.readTree(custom("x" + " + 1.0".repeat(7))));
      model.putArray("input_shape").add(3);
      assertThat(api.post(path, model).expect(422).pointers()).containsExactly("/layers/0/forward");
    }
  }

  @Test
  void aLongExpressionHasNoGradient() {
    String document =
        "{\"tensors\": {\"x\": {\"data\": [1]}}, \"expression\": \"x%s\"}"
            .formatted(" + 1.0".repeat(7));

    assertThat(api.post("/v1/gradients", document).expect(422).pointers())
        .containsExactly("/expression");
  }

  @Test
  void aLargeDocumentIsRefused() {
    api.post("/v1/jobs", " ".repeat(100 << 10) + small()).expect(413);
    api.post("/v1/jobs?dry_run=true", " ".repeat(90 << 10) + small()).expect(200);
  }

  @Test
  void aLargeFileIsRefused() {
    String spec = "{\"name\": \"large\", \"format\": \"csv\", \"target\": \"y\"}";
    byte[] rows = ("x,y\n" + "1,2\n".repeat(5001)).getBytes(StandardCharsets.UTF_8);
    assertThat(api.upload(spec, rows).expect(422).body()).contains("trainyard.limits.rows");
    byte[] columns = "a,b,c,d,e,y\n1,2,3,4,5,6\n".getBytes(StandardCharsets.UTF_8);
    assertThat(api.upload(spec, columns).expect(422).body()).contains("trainyard.limits.columns");
  }

  @Test
  void aDryRunShowsTheMemoryAndAJobTheTime() {
    JsonNode memory = api.post("/v1/jobs?dry_run=true", small()).expect(200).json().get("memory");
    assertThat(memory.get("parameters").longValue()).isEqualTo(4 * 10);
    assertThat(memory.get("limit").longValue()).isEqualTo(1 << 30);

    String id = api.submit(small());
    assertThat(api.ended(id).at("/spec/max_runtime_seconds").doubleValue()).isEqualTo(600);
  }

  /** A stopped process does nothing about its time, like one that hangs in a call. */
  @Test
  void aRunnerThatDoesNotSeeItsTimeIsKilled() {
    String id =
        api.submit(
            Api.longJob("late", 5000)
                .replace("\"seed\": 3}", "\"seed\": 3, \"max_runtime_seconds\": 10}"));
    // A process that is stopped while the server starts it would hold up the server.
    api.awaitJob(id, job -> job.get("state").stringValue().equals("running"));
    server.runners().forEach(runner -> ServerProcess.signal("STOP", runner.pid()));

    JsonNode job = api.ended(id);

    assertThat(job.get("state").stringValue()).isEqualTo("failed");
    assertThat(job.get("reason").stringValue()).isEqualTo("deadline_exceeded");
    assertThat(job.get("error").toString()).contains("went on after max_runtime_seconds");
    assertThat(job.get("attempt").intValue()).isEqualTo(1);
  }

  private static HttpResponse<InputStream> stream(String job, String client) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/v1/jobs/" + job + "/events"))
            .header("Accept", "text/event-stream")
            .header(AHEAD, client)
            .timeout(Duration.ofSeconds(30))
            .build();
    return Api.HTTP.send(request, BodyHandlers.ofInputStream());
  }

  @Test
  void streamsAreBoundedForAClientAndForAll() throws Exception {
    String id = api.submit(Api.longJob("streamed", 5000));
    String events = "/v1/jobs/" + id + "/events";
    List<HttpResponse<InputStream>> open = new ArrayList<>();
    for (String client : List.of("203.0.113.1", "203.0.113.1", "203.0.113.2")) {
      open.add(stream(id, client));
    }
    assertThat(open).allMatch(answer -> answer.statusCode() == 200);

    Api.Answer ofClient =
        api.get(events, "Accept", "text/event-stream", AHEAD, "203.0.113.1").expect(429);
    assertThat(ofClient.json().get("code").stringValue()).isEqualTo("too_many_requests");
    assertThat(ofClient.header("Retry-After")).isEqualTo("1");
    Api.Answer ofAll =
        api.get(events, "Accept", "text/event-stream", AHEAD, "203.0.113.3").expect(503);
    assertThat(ofAll.json().get("detail").stringValue()).contains("trainyard.limits.streams)");
    api.get(events, "Accept", "application/json").expect(200);

    api.post("/v1/jobs/" + id + "/cancel").expect(202);
    for (HttpResponse<InputStream> stream : open) {
      stream.body().readAllBytes(); // to its end, which gives the places back
    }
    String next = api.submit(Api.longJob("streamed-next", 5000));
    Awaitility.await().until(() -> stream(next, "203.0.113.1").statusCode() == 200);
    api.post("/v1/jobs/" + next + "/cancel").expect(202);
  }

  @Test
  void aCallerThatAsksTooOftenHasToWait() {
    String caller = "203.0.113.11";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/v1/models"))
            .header(AHEAD, caller)
            .build();
    // Unchecked, so that a slow machine does not earn tokens as fast as it spends them.
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> others =
        CompletableFuture.runAsync(
            () -> {
              while (!enough.get()) {
                Api.HTTP.sendAsync(request, BodyHandlers.discarding()).join();
              }
            });
    Api.Answer answer =
        Awaitility.await()
            .until(() -> api.get("/v1/models", AHEAD, caller), each -> each.status() == 429);
    enough.set(true);
    others.join();
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.json().get("code").stringValue()).isEqualTo("too_many_requests");
    api.get("/v1/models", AHEAD, "203.0.113.12").expect(200);
    for (int i = 0; i < 200; i++) {
      api.get("/actuator/health/liveness", AHEAD, caller).expect(200);
      assertThat(api.get("/internal/runs/job_nothing-1", AHEAD, caller).status()).isIn(401, 404);
    }
    Awaitility.await().until(() -> api.get("/v1/models", AHEAD, caller).status() == 200);
  }

  @Test
  void nobodyWritesLinesIntoTheLog() throws Exception {
    String forged = "2026-01-01T00:00:00.000Z ERROR forged - all is lost";
    for (String text : List.of("\n" + forged, "\r\n" + forged, "\u001b[2J\n" + forged)) {
      ObjectNode job = small();
      job.put("name", text).put("device", text);
      job.putObject("tags").put(text, text).put("team", text);
      api.post("/v1/jobs", job).expect(422);
      job = small();
      job.putObject("tags").put("team", text);
      api.ended(api.submit(job));
      String spec = Json.object().put("name", text).put("format", "csv").put("target", text) + "";
      api.upload(spec, (text + ",y\n1,a\n").getBytes(StandardCharsets.UTF_8)).expect(422);
    }
    String path = "/v1/jobs/%0a" + forged.replace(" ", "%20");
    HostileInputIT.raw(api, "GET " + path + " HTTP/1.1\r\n");
    HostileInputIT.raw(
        api, "GET " + path + "/events HTTP/1.1\r\nLast-Event-ID: %0a" + forged + "\r\n");

    assertThat(server.log().lines()).noneMatch(line -> line.startsWith("2026-01-01"));
  }
}
