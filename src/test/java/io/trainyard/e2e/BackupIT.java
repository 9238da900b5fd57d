package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A server is backed up while it trains, by the commands that docs/operations.md has, and restored
 * in another place.
 */
class BackupIT {
  private static final Path GUIDE = Path.of("docs/operations.md");

  private Path home;
  private Path restored;
  private Path file;

  @BeforeEach
  void paths(@TempDir Path directory) {
    home = directory.resolve("home");
    restored = directory.resolve("restored");
    file = directory.resolve("backup.tgz");
  }

  /** What was there when the backup was made. */
  private record Jobs(
      String done, JsonNode artifacts, String model, String running, String queued) {}

  private static Jobs submitted(Api api) {
    String done = api.submit(Api.shortJob("done"));
    assertThat(api.ended(done).get("state").stringValue()).isEqualTo("succeeded");
    String long1 =
        Api.longJob("running", 30_000)
            .replace(
                "\"seed\": 3}",
                // All are kept: those of the database's copy are to be among the files read later.
                "\"seed\": 3, \"checkpoint\": {\"every_epochs\": 100, \"keep\": 300}}");
    String running = api.submit(long1);
    // An epoch is known before its checkpoint is stored.
    Awaitility.await()
        .until(() -> !api.get("/v1/jobs/" + running + "/checkpoints").json().get("data").isEmpty());
    String queued = api.submit(Api.shortJob("queued"));
    return new Jobs(done, artifacts(api, done), model(api, done), running, queued);
  }

  private static JsonNode artifacts(Api api, String job) {
    return api.get("/v1/jobs/" + job + "/artifacts").expect(200).json().get("data");
  }

  private static String model(Api api, String job) {
    return api.get("/v1/jobs/" + job + "/artifacts/model.safetensors").expect(200).body();
  }

  private static void isWhole(Api api, Jobs jobs) {
    assertThat(artifacts(api, jobs.done())).isEqualTo(jobs.artifacts());
    assertThat(model(api, jobs.done())).isEqualTo(jobs.model());
    assertThat(api.get("/v1/jobs/" + jobs.done() + "/metrics").json().get("data")).hasSize(3);

    JsonNode goesOn =
        api.awaitJob(
            jobs.running(),
            job ->
                job.get("attempt").intValue() == 2
                    && job.get("state").stringValue().equals("running"));
    assertThat(goesOn.get("epoch").intValue()).as("from a checkpoint").isPositive();
    JsonNode attempt =
        api.get("/v1/jobs/" + jobs.running() + "/attempts")
            .json()
            .at("/data")
            .valueStream()
            .filter(a -> a.get("attempt").intValue() == 2)
            .findFirst()
            .orElseThrow();
    assertThat(attempt.get("resumed_from").intValue()).isPositive();
    api.post("/v1/jobs/" + jobs.running() + "/cancel").expect(202);
    assertThat(api.ended(jobs.queued()).get("state").stringValue()).isEqualTo("succeeded");
  }

  @Test
  void theEmbeddedDatabaseAndTheFiles() throws Exception {
    Jobs jobs;
    try (ServerProcess server = ServerProcess.start(home, "--trainyard.runner.spare=false")) {
      jobs = submitted(new Api(server.url()));
      guide("# database: url", Map.of("url", server.url()));
      guide("# files: home, file", Map.of("home", home, "file", file));
      server.kill(); // what comes after the backup is not in it
    }

    guide("# restore files: home, file", Map.of("home", restored, "file", file));
    guide("# restore database: home", Map.of("home", restored));

    try (ServerProcess server = ServerProcess.start(restored, "--trainyard.runner.spare=false")) {
      isWhole(new Api(server.url()), jobs);
    }
  }

  @Test
  @EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
  void postgresAndTheFiles() throws Exception {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    TestDatabases.Postgres copy = TestDatabases.newPostgres();
    Jobs jobs;
    try (Replica server = replica(home, database)) {
      jobs = submitted(server.api());
      Api.Answer refused = server.api().post("/actuator/backup");
      assertThat(refused.expect(400).body()).contains("pg_dump");
      TestDatabases.run("pg_dump", database, "--format=custom", "--file=/tmp/" + copy.name());
      guide("# files: home, file", Map.of("home", home, "file", file));
      server.kill();
    }

    TestDatabases.run("pg_restore", copy, "--no-owner", "/tmp/" + copy.name());
    guide("# restore files: home, file", Map.of("home", restored, "file", file));

    try (Replica server = replica(restored, copy)) {
      isWhole(server.api(), jobs);
    }
  }

  private static Replica replica(Path home, TestDatabases.Postgres database) {
    List<String> arguments = new ArrayList<>(database.arguments());
    arguments.add("--trainyard.runner.spare=false");
    arguments.add("--trainyard.lease=10s");
    return new Replica(home, arguments.toArray(String[]::new));
  }

  /** Runs a block of the guide, found by its first line, in a shell that stops at an error. */
  private static void guide(String firstLine, Map<String, Object> variables)
      throws IOException, InterruptedException {
    Pattern block =
        Pattern.compile("```sh\\n(" + Pattern.quote(firstLine) + "\\n.*?)```", Pattern.DOTALL);
    Matcher matcher = block.matcher(Files.readString(GUIDE));
    assertThat(matcher.find()).as("the guide has '%s'", firstLine).isTrue();
    ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", matcher.group(1));
    variables.forEach((name, value) -> shell.environment().put(name, value.toString()));
    assertThat(shell.inheritIO().start().waitFor()).as(matcher.group(1)).isZero();
  }
}
