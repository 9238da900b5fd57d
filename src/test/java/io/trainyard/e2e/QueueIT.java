package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Slots are bounded, the rest waits in its order, and what waits or runs can be cancelled. */
class QueueIT {
  private static ServerProcess server;
  private static Api api;

  @BeforeAll
  static void start(@TempDir Path home) {
    server = ServerProcess.start(home, "--trainyard.queue.max=4");
    api = new Api(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void empty() {
    for (JsonNode job : jobs("?limit=200")) {
      if (!job.get("terminal").booleanValue()) {
        api.post("/v1/jobs/" + id(job) + "/cancel");
        api.ended(id(job));
      }
    }
  }

  private static String submit(String name, int priority) {
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(Api.shortJob(name));
    document.put("priority", priority).putObject("tags").put("test", "queue").put("run", name);
    return api.submit(document);
  }

  @Test
  void waitingJobsRunByPriorityThenAge() {
    String running = api.submit(Api.longJob("occupies-the-slot"));
    api.awaitJob(running, job -> job.get("state").stringValue().equals("running"));
    String low = submit("low", 0);
    String high = submit("high", 5);
    String later = submit("later", 5);

    assertThat(position(high)).isEqualTo(1);
    assertThat(position(later)).isEqualTo(2);
    assertThat(position(low)).isEqualTo(3);
    assertThat(api.job(running).get("queue_position").isNull()).isTrue();
    assertThat(api.job(running).get("device").stringValue()).isEqualTo("cpu");

    api.post("/v1/jobs/" + running + "/cancel").expect(202);
    assertThat(api.ended(running).get("state").stringValue()).isEqualTo("cancelled");
    List<String> started =
        List.of(low, high, later).stream()
            .map(api::ended)
            .sorted(Comparator.comparing(job -> Instant.parse(job.get("started_at").stringValue())))
            .map(QueueIT::id)
            .toList();
    assertThat(started).containsExactly(high, later, low);
  }

  /** What starts beside a job takes processors from it. */
  @Test
  void noSpareRunnerIsStartedForAJobThatRunsAlready() {
    String first = api.submit(Api.longJob("first"));
    api.awaitJob(first, job -> job.get("epoch").intValue() > 0);
    String second = api.submit(Api.longJob("second"));
    api.post("/v1/jobs/" + first + "/cancel").expect(202);
    api.awaitJob(second, job -> job.get("epoch").intValue() > 0);

    Awaitility.await("the job's runner, alone")
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(15))
        .until(() -> server.runners().size() == 1);

    submit("third", 0);
    Awaitility.await("a spare one for a job that waits").until(() -> server.runners().size() == 2);
  }

  @Test
  void queuedAndRunningJobsAreCancelled() {
    String running = api.submit(Api.longJob("cancelled-while-running"));
    api.awaitJob(running, job -> job.get("epoch").intValue() > 0);
    String queued = submit("cancelled-while-queued", 0);

    JsonNode cancelled = api.post("/v1/jobs/" + queued + "/cancel").expect(202).json();
    assertThat(cancelled.get("state").stringValue()).isEqualTo("cancelled");
    assertThat(cancelled.get("reason").stringValue()).isEqualTo("user");
    api.post("/v1/jobs/" + queued + "/cancel").expect(200);

    JsonNode cancelling = api.post("/v1/jobs/" + running + "/cancel").expect(202).json();
    assertThat(cancelling.get("state").stringValue()).isEqualTo("cancelling");
    JsonNode ended = api.ended(running);
    assertThat(ended.get("state").stringValue()).isEqualTo("cancelled");
    JsonNode attempt =
        api.get("/v1/jobs/" + running + "/attempts").expect(200).json().get("data").get(0);
    assertThat(attempt.get("outcome").stringValue()).isEqualTo("cancelled");
    api.awaitJob(
        running,
        job ->
            api.get("/v1/jobs/" + running + "/attempts")
                .json()
                .at("/data/0/exit_code")
                .isIntegralNumber());
  }

  @Test
  void aJobThatEndedCannotBeCancelledButDeleted() {
    String id = submit("done", 0);
    api.ended(id);

    api.post("/v1/jobs/" + id + "/cancel").expect(409);
    api.delete("/v1/jobs/" + id).expect(204);
    api.get("/v1/jobs/" + id).expect(404);
  }

  @Test
  void aRunningJobCannotBeDeletedNorItsDataset() {
    api.post("/v1/datasets", dataset("kept")).expect(201);
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(Api.longJob("keeps-its-dataset"));
    document.put("dataset", "kept");
    String id = api.submit(document);
    api.awaitJob(id, job -> job.get("state").stringValue().equals("running"));

    api.delete("/v1/jobs/" + id).expect(409);
    api.delete("/v1/datasets/kept").expect(409);
    api.post("/v1/datasets", dataset("kept")).expect(409);
    api.post("/v1/jobs/" + id + "/cancel").expect(202);
    api.ended(id);
    api.delete("/v1/datasets/kept").expect(204);
  }

  private static String dataset(String name) {
    return """
        {"type": "synthetic", "name": "%s", "seed": 1, "samples": 4000, "input_shape": [20], "classes": 3}
        """
        .formatted(name);
  }

  @Test
  void aFullQueueIsSaid() {
    String running = api.submit(Api.longJob("blocks"));
    api.awaitJob(running, job -> !job.get("state").stringValue().equals("queued"));
    for (int i = 0; i < 4; i++) {
      submit("waits-" + i, 0);
    }

    Api.Answer refused = api.post("/v1/jobs", Api.shortJob("one-too-many")).expect(429);

    assertThat(refused.header("Retry-After")).isNotEmpty();
    assertThat(refused.json().get("code").stringValue()).isEqualTo("queue_full");
  }

  @Test
  void jobsAreListedByStateAndTagInPages() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(submit("listed", 0));
      api.ended(ids.get(i));
    }

    List<String> seen = new ArrayList<>();
    String after = "";
    for (int page = 0; page < 3; page++) {
      String query = "?limit=1&state=succeeded&tag.run=listed&tag.test=queue" + after;
      JsonNode answer = api.get("/v1/jobs" + query).expect(200).json();
      seen.add(id(answer.get("data").get(0)));
      assertThat(answer.get("has_more").booleanValue()).isEqualTo(page < 2);
      after = "&after=" + answer.get("next_cursor").asString("");
    }
    assertThat(seen).containsExactly(ids.get(2), ids.get(1), ids.get(0));
    assertThat(jobs("?state=failed&tag.run=listed")).isEmpty();
    assertThat(jobs("?tag.run=other")).isEmpty();
  }

  @Test
  void aDryRunTellsTheSizeAndStoresNothing() {
    int before = jobs("?limit=200").size();

    JsonNode estimate =
        api.post("/v1/jobs?dry_run=true", Api.longJob("dry", 3000)).expect(200).json();

    assertThat(estimate.get("parameters").intValue()).isEqualTo(20 * 64 + 64 + 64 * 3 + 3);
    assertThat(estimate.get("steps").longValue()).isEqualTo(3000L * 250);
    assertThat(jobs("?limit=200")).hasSize(before);
    assertThat(api.post("/v1/jobs?dry_run=true", "{}").expect(422).pointers()).contains("/model");
  }

  private static long position(String id) {
    return api.job(id).get("queue_position").longValue();
  }

  private static List<JsonNode> jobs(String query) {
    return api.get("/v1/jobs" + query).expect(200).json().get("data").valueStream().toList();
  }

  private static String id(JsonNode job) {
    return job.get("id").stringValue();
  }
}
