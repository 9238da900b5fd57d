package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the server accepts from a runner: the test stops a real one and speaks in its place. */
class RunnerProtocolIT {
  /** A runner that is started for its attempt has its token where the test can find it. */
  private static final String NO_SPARE = "--trainyard.runner.spare=false";

  @Test
  void onlyThePresentAttemptIsHeardAndOnlyOnce(@TempDir Path home) throws Exception {
    try (ServerProcess server =
        ServerProcess.start(home, NO_SPARE, "--trainyard.runner.cancel-grace=1s")) {
      Api api = new Api(server.url());
      api.upload(Api.example("iris-dataset.json"), Api.exampleFile("iris.csv")).expect(201);
      String job = api.submit(longIrisJob());
      api.awaitJob(job, j -> j.get("epoch").intValue() >= 1);
      ProcessHandle runner = Objects.requireNonNull(server.runner());
      String token = environment(runner).get("TRAINYARD_RUN_TOKEN");
      signal("-STOP", runner);
      String run = "/internal/runs/" + job + "-1";
      String bearer = "Bearer " + token;

      api.get(run).expect(401);
      api.get(run + "/dataset", "Authorization", "Bearer wrong").expect(401);
      api.get("/internal/runs/" + job + "-9", "Authorization", bearer).expect(404);
      api.get("/internal/runs/nothing", "Authorization", bearer).expect(404);
      assertThat(api.get(run, "Authorization", bearer).expect(200).json().get("job").stringValue())
          .isEqualTo(job);
      assertThat(api.get(run + "/dataset", "Authorization", bearer).expect(200).body())
          .isEqualTo(new String(Api.exampleFile("iris.csv"), StandardCharsets.UTF_8));

      report(api, run, bearer, "{\"batch\": \"x\"}").expect(400);
      report(api, "/internal/runs/" + job + "-9", bearer, warning(1)).expect(404);
      upload(api, "/internal/runs/" + job + "-9", "a", bearer).expect(404);
      report(api, run, bearer, " ".repeat(11 << 20)).expect(413);
      api.send("POST", run + "/events", BodyPublishers.ofString("a"), "Content-Type", "text/plain")
          .expect(415);
      api.send(
              "PUT",
              run + "/artifacts/a",
              BodyPublishers.ofString("a"),
              "Content-Type",
              "text/plain")
          .expect(415);
      report(api, run, "Bearer wrong", warning(1_000_000)).expect(401);
      for (int i = 0; i < 2; i++) {
        assertThat(
                report(api, run, bearer, warning(1_000_000))
                    .expect(200)
                    .json()
                    .get("command")
                    .stringValue())
            .isEqualTo("continue");
      }
      assertThat(warnings(api, job)).isEqualTo(1);
      upload(api, run, "notes.txt", bearer).expect(204);
      upload(api, run, "notes.txt", "Bearer wrong").expect(401);
      upload(api, run, "..", bearer);
      assertThat(api.get("/v1/jobs/" + job + "/artifacts/notes.txt").expect(200).body())
          .isEqualTo("hello");

      signal("-KILL", runner);
      Awaitility.await().until(() -> api.job(job).get("attempt").intValue() == 2);
      report(api, run, bearer, warning(1_000_001)).expect(409);
      upload(api, run, "late.txt", bearer).expect(409);
      api.get(run, "Authorization", bearer).expect(409);
      api.get(run + "/dataset", "Authorization", bearer).expect(409);
      assertThat(api.get("/v1/jobs/" + job + "/artifacts/late.txt").expect(404).status())
          .isEqualTo(404);

      api.post("/v1/jobs/" + job + "/cancel").expect(202);
      api.ended(job);
    }
  }

  @Test
  void aJobOnAnInlineDatasetHasNoFile(@TempDir Path home) throws Exception {
    try (ServerProcess server = ServerProcess.start(home, NO_SPARE)) {
      Api api = new Api(server.url());
      String job = api.submit(Api.longJob("inline"));
      api.awaitJob(job, j -> j.get("epoch").intValue() >= 1);
      ProcessHandle runner = Objects.requireNonNull(server.runner());
      String bearer = "Bearer " + environment(runner).get("TRAINYARD_RUN_TOKEN");

      api.get("/internal/runs/" + job + "-1/dataset", "Authorization", bearer).expect(404);
    }
  }

  private static String longIrisJob() {
    return Api.example("iris-job.json")
        .replaceAll("\"model\": *\"[^\"]*\"", "\"model\": " + layers())
        .replaceAll("\"epochs\": *\\d+", "\"epochs\": 1000000");
  }

  private static String layers() {
    return """
        {"layers": [{"type": "Linear", "in_features": 4, "out_features": 3}]}""";
  }

  private static String warning(int batch) {
    return """
        {"batch": %d, "resident_bytes": 1, "events": [{"type": "warning", "detail": "from the test"}]}
        """
        .formatted(batch);
  }

  private static long warnings(Api api, String job) {
    long warnings = 0;
    String path = "/v1/jobs/" + job + "/events?limit=1000";
    String after = "";
    while (true) {
      JsonNode page = api.get(path + after, "Accept", "application/json").expect(200).json();
      warnings +=
          page.get("data")
              .valueStream()
              .filter(e -> e.get("type").stringValue().equals("job.warning"))
              .count();
      if (!page.get("has_more").booleanValue()) {
        return warnings;
      }
      after = "&after=" + page.get("next_cursor").asString();
    }
  }

  private static Api.Answer report(Api api, String run, String bearer, String body) {
    return api.post(run + "/events", body, "Authorization", bearer);
  }

  private static Api.Answer upload(Api api, String run, String name, String bearer) {
    return api.send(
        "PUT",
        run + "/artifacts/" + name,
        BodyPublishers.ofString("hello"),
        "Authorization",
        bearer,
        "Content-Type",
        "application/octet-stream");
  }

  private static void signal(String signal, ProcessHandle process) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  private static Map<String, String> environment(ProcessHandle process) throws IOException {
    String text = Files.readString(Path.of("/proc/" + process.pid() + "/environ"));
    return Arrays.stream(text.split("\0"))
        .map(entry -> entry.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }
}
