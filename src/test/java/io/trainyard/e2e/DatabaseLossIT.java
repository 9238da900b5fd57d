package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The database goes away while a job runs, for longer than leases and silence may last. */
@EnabledIf("io.trainyard.TestDatabases#dockerIsThere")
class DatabaseLossIT {
  private static final int EPOCHS = 1500;

  private static String[] arguments(TestDatabases.Postgres database, String... more) {
    List<String> all = new java.util.ArrayList<>(database.arguments());
    all.addAll(
        List.of(
            "--trainyard.runner.spare=false",
            "--trainyard.runner.hang-limit=12s",
            "--trainyard.lease=60s",
            "--spring.datasource.hikari.connection-timeout=2000"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void mend(Wire wire, Api api) {
    wire.mend();
    Awaitility.await("the database")
        .atMost(Duration.ofSeconds(30))
        .until(() -> api.get("/v1/jobs?limit=1").status() == 200);
  }

  @Test
  void trainingGoesOnAndItsEventsComeWhenTheDatabaseIsBack(@TempDir Path home) throws Exception {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    try (Wire wire = new Wire(database.host(), database.port());
        ServerProcess server = ServerProcess.start(home, arguments(database.at(wire.port())))) {
      Api api = new Api(server.url());
      String id = api.submit(Api.longJob("outage", EPOCHS));
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 10);
      long runner = Objects.requireNonNull(server.runner()).pid();
      EventReader reader = EventReader.open(api, id);
      Awaitility.await("the stream").until(() -> !reader.events.isEmpty());

      Instant away = Instant.now();
      wire.cut();
      Api.Answer refused = api.get("/v1/jobs/" + id);
      Awaitility.await()
          .pollDelay(Duration.ofSeconds(18))
          .atMost(Duration.ofSeconds(60))
          .until(() -> true);
      Instant back = Instant.now();
      boolean sameRunner = Objects.requireNonNull(server.runner()).pid() == runner;
      mend(wire, api);

      refused.expect(503);
      assertThat(refused.json().get("code").stringValue()).isEqualTo("unavailable");
      assertThat(refused.header("Retry-After")).isEqualTo("5");
      assertThat(sameRunner).as("the runner was not taken for one that hangs").isTrue();
      JsonNode ended = api.ended(id);
      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);
      reader.end().get(60, TimeUnit.SECONDS);
      List<EventReader.Received> epochs = reader.named("job.epoch");
      assertThat(epochs.stream().map(e -> e.data().get("epoch").intValue()))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, EPOCHS).boxed().toList());
      assertThat(epochs)
          .as("epochs that ended during the outage")
          .filteredOn(
              e -> {
                Instant at = Instant.parse(e.data().get("at").stringValue());
                return at.isAfter(away.plusSeconds(1)) && at.isBefore(back.minusSeconds(1));
              })
          .isNotEmpty();
    }
  }

  @Test
  void anEndThatFallsIntoTheOutageIsRecordedAfterIt(@TempDir Path home) {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    try (Wire wire = new Wire(database.host(), database.port());
        ServerProcess server = ServerProcess.start(home, arguments(database.at(wire.port())))) {
      Api api = new Api(server.url());
      String finishing = api.submit(Api.longJob("finishing", 100));
      api.awaitJob(finishing, job -> job.get("epoch").intValue() >= 10);

      wire.cut();
      // Its epochs are over long before the database is back, and it still has to store its model.
      Awaitility.await().pollDelay(Duration.ofSeconds(8)).until(() -> true);
      mend(wire, api);

      JsonNode ended = api.ended(finishing);
      assertThat(ended.get("state").stringValue()).isEqualTo("succeeded");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);

      String killed = api.submit(Api.longJob("killed", 1000));
      api.awaitJob(killed, job -> job.get("epoch").intValue() >= 10);
      wire.cut();
      Objects.requireNonNull(server.runner()).destroyForcibly();
      Awaitility.await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
      mend(wire, api);

      assertThat(api.ended(killed).get("state").stringValue()).isEqualTo("succeeded");
      JsonNode first = api.get("/v1/jobs/" + killed + "/attempts").json().at("/data/0");
      assertThat(first.get("outcome").stringValue()).isEqualTo("lost");
      assertThat(first.get("exit_code").intValue()).isEqualTo(137);
    }
  }

  @Test
  void springsOwnPropertiesNameADatabaseToo(@TempDir Path home) {
    TestDatabases.Postgres database = TestDatabases.newPostgres();
    try (ServerProcess server =
        ServerProcess.start(
            home,
            "--spring.datasource.url=" + database.url(),
            "--spring.datasource.username=" + database.username(),
            "--spring.datasource.password=" + database.password())) {
      Api api = new Api(server.url());
      String id = api.submit(Api.shortJob("spring"));

      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
      assertThat(home.resolve("db")).doesNotExist();
    }
  }
}
