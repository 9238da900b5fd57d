package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What happens is seen while it happens, whole and in order. */
class LiveIT {
  private static final int EPOCHS = 400;

  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start(@TempDir Path home) {
    server = ServerProcess.start(home, "--trainyard.metrics.linger=1s");
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Epochs of a few milliseconds, enough of them to look at. */
  private static String job(String name, int epochs) {
    return Api.longJob(name, epochs)
        .replace(
            "\"optimizer\"",
            "\"validation\": {\"fraction\": 0.25}, \"metrics\": [\"accuracy\"], \"optimizer\"");
  }

  @Test
  void epochsArriveWhileTheyHappenAndInOrder() throws Exception {
    String id = api.submit(job("live", EPOCHS));
    EventReader reader = EventReader.open(api, id);
    EventReader other = EventReader.open(api, id);
    api.ended(id);
    reader.end().get(60, TimeUnit.SECONDS);
    other.end().get(60, TimeUnit.SECONDS);

    List<EventReader.Received> epochs = reader.named("job.epoch");
    assertThat(epochs.stream().map(e -> e.data().get("epoch").intValue()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, EPOCHS).boxed().toList());
    assertThat(reader.events.stream().map(EventReader.Received::id))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, reader.events.size()).mapToObj(Long::toString).toList());
    assertThat(other.events.stream().map(e -> e.id() + e.data()))
        .containsExactlyElementsOf(reader.events.stream().map(e -> e.id() + e.data()).toList());
    assertThat(reader.named("job.state").stream().map(e -> e.data().get("state").stringValue()))
        .containsExactly("queued", "starting", "running", "succeeded");

    List<Long> delays =
        epochs.stream()
            .map(e -> Duration.between(happened(e), e.at()).toMillis())
            .sorted()
            .toList();
    System.out.println(
        "epoch to reader, ms: median "
            + delays.get(EPOCHS / 2)
            + ", most "
            + delays.get(EPOCHS - 1));
    Instant end = happened(epochs.get(EPOCHS - 1));
    assertThat(epochs).filteredOn(e -> e.at().isBefore(end)).hasSizeGreaterThan(EPOCHS / 2);
  }

  private static Instant happened(EventReader.Received event) {
    return Instant.parse(event.data().get("at").stringValue());
  }

  /** Epochs that are much shorter than a report. */
  @Test
  void veryShortEpochsArriveWholeAndManyToAReport() throws Exception {
    int epochs = 20_000;
    double reportsBefore = reports();
    String id = api.submit(Api.shortJob("tiny").replace("\"epochs\": 3", "\"epochs\": " + epochs));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api.url() + "/v1/jobs/" + id + "/events"))
            .header("Accept", "text/event-stream")
            .build();
    List<CompletableFuture<List<String>>> readers =
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    Api.HTTP
                        .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                        .thenApplyAsync(
                            r -> r.body().filter(line -> line.startsWith("id:")).toList()))
            .toList();

    JsonNode job = api.ended(id);
    assertThat(job.get("state").stringValue()).isEqualTo("succeeded");
    assertThat(job.get("epoch").intValue()).isEqualTo(epochs);
    for (CompletableFuture<List<String>> reader : readers) {
      List<String> ids = reader.get(60, TimeUnit.SECONDS);
      assertThat(ids).hasSizeGreaterThan(epochs);
      assertThat(ids)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, ids.size()).mapToObj(n -> "id:" + n).toList());
    }
    assertThat(reports() - reportsBefore).isLessThan(epochs / 5.0);
  }

  /** How many reports runners have sent. */
  private static double reports() {
    return scrape()
        .lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_count"))
        .filter(line -> line.contains("/internal/runs/{attempt}/events"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void aReaderThatComesBackMissesNothing() throws Exception {
    String id = api.submit(job("back", 20));
    EventReader whole = EventReader.open(api, id);
    whole.end().get(60, TimeUnit.SECONDS);
    String middle = whole.events.get(10).id();

    EventReader rest = EventReader.after(api, id, middle);
    rest.end().get(60, TimeUnit.SECONDS);

    assertThat(rest.events.stream().map(EventReader.Received::id))
        .containsExactlyElementsOf(
            whole.events.stream().skip(11).map(EventReader.Received::id).toList());
    String last = whole.events.get(whole.events.size() - 1).id();
    api.get("/v1/jobs/" + id + "/events", "Accept", "text/event-stream", "Last-Event-ID", last)
        .expect(204);
    JsonNode page =
        api.get(
                "/v1/jobs/" + id + "/events?after=" + middle + "&limit=5",
                "Accept",
                "application/json")
            .expect(200)
            .json();
    assertThat(page.get("data")).hasSize(5);
    assertThat(page.get("data").get(0).get("sequence").longValue())
        .isEqualTo(Long.parseLong(middle) + 1);
    assertThat(page.get("has_more").booleanValue()).isTrue();
    api.get("/v1/jobs/" + id + "/events", "Accept", "text/event-stream", "Last-Event-ID", "x")
        .expect(400);
  }

  @Test
  void metricsAreWholeAsPagesAndAsCsv() {
    String id = api.submit(job("metrics", 12));
    api.ended(id);

    JsonNode first = api.get("/v1/jobs/" + id + "/metrics?limit=5").expect(200).json();
    assertThat(first.get("data")).hasSize(5);
    assertThat(first.get("next_cursor").stringValue()).isEqualTo("5");
    JsonNode rest = api.get("/v1/jobs/" + id + "/metrics?limit=50&after=5").expect(200).json();
    assertThat(rest.get("data")).hasSize(7);
    assertThat(rest.get("has_more").booleanValue()).isFalse();

    String csv = api.get("/v1/jobs/" + id + "/metrics", "Accept", "text/csv").expect(200).body();
    List<String> lines = csv.lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "epoch,train_loss,validation_loss,lr,duration_seconds,samples_per_second,accuracy");
    assertThat(lines).hasSize(13);
    JsonNode row = first.get("data").get(0);
    assertThat(lines.get(1))
        .startsWith(
            "1," + row.get("train_loss").asString() + "," + row.get("validation_loss").asString());
  }

  @Test
  void aFewEpochsStandForAll() {
    String id = api.submit(job("few", 12));
    api.ended(id);
    String metrics = "/v1/jobs/" + id + "/metrics?points=";

    JsonNode few = api.get(metrics + "4").expect(200).json();
    assertThat(few.get("data").valueStream().map(row -> row.get("epoch").intValue()))
        .containsExactly(1, 5, 8, 12);
    assertThat(few.get("has_more").booleanValue()).isFalse();
    JsonNode all = api.get("/v1/jobs/" + id + "/metrics").expect(200).json();
    assertThat(few.at("/data/1")).isEqualTo(all.at("/data/4"));
    assertThat(api.get(metrics + "100").expect(200).json().get("data")).isEqualTo(all.get("data"));
    api.get(metrics + "1").expect(400);
    assertThat(api.get(metrics + "4&limit=2").expect(400).body()).contains("not together");
  }

  @Test
  void aJobsSeriesAppearWithItsFirstEpochAndVanishAfterItsEnd() {
    String id = api.submit(job("series", 2000));
    // The counts by state may be a second old, and a runner's memory is looked at now and then.
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(scrape())
                    .contains(
                        Stream.of(
                                "trainyard_job_loss{job_id=\"ID\",job_name=\"series\",split=\"train\"}",
                                "trainyard_job_loss{job_id=\"ID\",job_name=\"series\",split=\"validation\"}",
                                "trainyard_job_metric{job_id=\"ID\",job_name=\"series\",metric=\"accuracy\",split=\"validation\"}",
                                "trainyard_job_epoch{job_id=\"ID\"",
                                "trainyard_job_progress_ratio{job_id=\"ID\"",
                                "trainyard_job_learning_rate{job_id=\"ID\"",
                                "trainyard_runner_resident_bytes{job_id=\"ID\"}",
                                "trainyard_jobs{state=\"running\"} 1.0",
                                "trainyard_jobs_submitted_total{outcome=\"accepted\"}",
                                "trainyard_queue_wait_seconds_count",
                                "trainyard_epoch_duration_seconds_bucket",
                                "trainyard_samples_total",
                                "trainyard_sse_subscribers")
                            .map(series -> series.replace("ID", id))
                            .toList()));
    assertThat(MetricsPage.families(scrape()))
        .as("as %s lists them", MetricsPage.FILE)
        .isEqualTo(MetricsPage.documented());
    api.post("/v1/jobs/" + id + "/cancel").expect(202);
    api.ended(id);
    Awaitility.await().untilAsserted(() -> assertThat(scrape()).doesNotContain(id));
  }

  private static String scrape() {
    return api.get("/actuator/prometheus").expect(200).body();
  }
}
