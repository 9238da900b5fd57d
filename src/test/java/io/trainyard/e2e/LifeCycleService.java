package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.TestDatabases;
import io.trainyard.TrainyardApplication;
import io.trainyard.jobs.JobRuns;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The whole service over a real Tomcat, whose runners are the test's and whose time it moves. */
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
@SpringBootTest(
    classes = {TrainyardApplication.class, LifeCycleService.Beans.class},
    properties = {
      "trainyard.runner.slots=0",
      "trainyard.queue.max=3",
      "trainyard.retention.interval=100ms",
      "trainyard.retention.events=30d",
      "trainyard.retention.jobs=90d"
    },
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class LifeCycleService {
  final ShiftedClock clock;
  final JobRuns runs;
  final Api api;
  private final Path home;

  /** Later jobs go first, so that what a test submits is what it claims. */
  private static int priority = -1000;

  LifeCycleService(Parts parts) {
    this.clock = parts.clock;
    this.runs = parts.runs;
    this.api = parts.api;
    this.home = parts.home;
  }

  /** What the tests take hold of. */
  record Parts(ShiftedClock clock, JobRuns runs, Api api, Path home) {}

  @TestConfiguration(proxyBeanMethods = false)
  static class Beans {
    @Bean
    @Primary
    ShiftedClock shiftedClock() {
      return new ShiftedClock();
    }

    @Bean
    @Lazy
    Parts parts(
        ShiftedClock clock,
        JobRuns runs,
        @Value("${local.server.port}") int port,
        @Value("${trainyard.home}") Path home) {
      return new Parts(clock, runs, new Api("http://127.0.0.1:" + port), home);
    }
  }

  /** On the embedded database. */
  static final class OnH2 implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      TestPropertyValues.of("trainyard.home=" + freshHome()).applyTo(context);
    }
  }

  /** On a PostgreSQL in a container. */
  static final class OnPostgres
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      DriverManagerDataSource database = (DriverManagerDataSource) TestDatabases.freshPostgres();
      TestPropertyValues.of(
              "trainyard.home=" + freshHome(),
              "spring.datasource.url=" + database.getUrl(),
              "spring.datasource.username=" + database.getUsername(),
              "spring.datasource.password=" + database.getPassword())
          .applyTo(context);
    }
  }

  private static Path freshHome() {
    try {
      return Files.createTempDirectory(Path.of("target"), "life-cycle").toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void emptyTheQueue() {
    for (String state : List.of("queued", "paused")) {
      api.get("/v1/jobs?state=" + state)
          .json()
          .get("data")
          .forEach(job -> api.post("/v1/jobs/" + job.get("id").stringValue() + "/cancel"));
    }
  }

  static ObjectNode document(int epochs) {
    return Json.MAPPER.readTree(Api.shortJob("life")).asObject().put("epochs", epochs);
  }

  String submit(ObjectNode document) {
    return api.submit(document.put("priority", ++priority));
  }

  HandDrivenRunner running(String job) {
    return HandDrivenRunner.claim(api, runs, job).begin();
  }

  Api.Answer post(String job, String command) {
    return api.post("/v1/jobs/" + job + "/" + command);
  }

  String state(String job) {
    return api.job(job).get("state").stringValue();
  }

  List<JsonNode> list(String job, String what) {
    return api.get("/v1/jobs/" + job + "/" + what, "Accept", "application/json")
        .expect(200)
        .json()
        .get("data")
        .valueStream()
        .toList();
  }

  List<JsonNode> events(String job, String type) {
    List<JsonNode> all = list(job, "events?limit=1000");
    all.forEach(Contract.INSTANCE::checkEvent);
    return all.stream().filter(e -> e.get("type").stringValue().equals(type)).toList();
  }

  List<Integer> epochs(String job, String what) {
    return list(job, what).stream().map(row -> row.get("epoch").intValue()).toList();
  }

  /** The files that the service keeps of a job, without what only helps to keep them. */
  List<String> files(String job) throws Exception {
    Path directory = home.resolve("jobs").resolve(job);
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  static void await(String what, org.awaitility.core.ThrowingRunnable assertion) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(20))
        // Of a directory that is deleted while it is read.
        .ignoreException(UncheckedIOException.class)
        .untilAsserted(assertion);
  }

  static void assertState(JsonNode job, String state) {
    assertThat(job.get("state").stringValue()).isEqualTo(state);
  }
}
