package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A real Prometheus scrapes a real server: every query of the dashboard gives data, and every alert
 * is silent while all is well and fires when what it is for has happened. Minutes are seconds, so
 * it runs with nothing beside it that would make a job look stalled.
 */
@Tag("alone")
@EnabledIf("prometheusIsThere")
class PrometheusIT {
  private static final Path RULES = Path.of("helm/trainyard/alerts.yaml");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final int VICTIMS = 3;

  private ServerProcess server;
  private Api api;
  private PrometheusProcess prometheus;
  private List<ProcessHandle> stopped = List.of();

  static boolean prometheusIsThere() {
    boolean there = PrometheusProcess.isInstalled();
    if (!there) {
      System.out.println("SKIPPED: the dashboard's queries need Prometheus, and there is none");
    }
    return there;
  }

  @BeforeEach
  void start(@TempDir Path home) throws IOException {
    server =
        ServerProcess.start(
            home.resolve("server"),
            "--trainyard.runner.slots=" + (VICTIMS + 1),
            "--trainyard.runner.spare=false");
    api = new Api(server.url());
    String rules = Files.readString(RULES).replaceAll("(?<=[\\[ ])(\\d+)m(?=[\\]\\s])", "$1s");
    prometheus =
        PrometheusProcess.start(home.resolve("prometheus"), rules, URI.create(server.url()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    // A stopped process does not notice that its server is gone.
    stopped.forEach(ProcessHandle::destroyForcibly);
    server.close();
    prometheus.stop();
  }

  @Test
  void everyQueryGivesDataAndEveryAlertFiresWhenItShould() throws Exception {
    PrometheusProcess.checkRules(RULES);
    awaitFirstScrape();
    String steady = api.submit(steady("steady"));
    api.awaitJob(steady, job -> job.get("epoch").intValue() >= 1);
    ProcessHandle steadyRunner = server.runners().get(0);
    EventReader.open(api, steady);
    String done = api.submit(Api.shortJob("short"));
    api.ended(done);
    calculate();
    api.post("/v1/jobs/" + done + "/predict", "{\"instances\": [[1, 2], [3, 4]]}").expect(200);
    assertAllIsQuiet();

    jobsFail();
    List<String> victims = runnersCrash(steadyRunner);
    jobsStallAndTheQueueGrows(steadyRunner);
    soon("an alert of each")
        .untilAsserted(() -> assertThat(stalled()).containsExactlyInAnyOrderElementsOf(victims));
    assertEveryQueryGivesData();

    server.kill();
    awaitAlert("TrainyardServerDown");
    awaitAlert("TrainyardAbsent");
    assertThat(fired()).containsExactlyInAnyOrderElementsOf(named(Files.readString(RULES)));
  }

  /** Trains as long as the test takes, with all that a job can show. */
  private static String steady(String name) {
    return Api.longJob(name)
        .replace(
            "\"optimizer\"",
            "\"validation\": {\"fraction\": 0.25}, \"metrics\": [\"accuracy\"], \"optimizer\"");
  }

  /** What happens before it is in no rate: a counter that is first seen at 3 has not risen. */
  private void awaitFirstScrape() {
    soon("the first scrape").until(() -> !prometheus.now("up == 1").isEmpty());
  }

  private void calculate() {
    for (int i = 0; i < 3; i++) {
      api.post(
              "/v1/gradients",
              """
              {"tensors": {"x": {"data": [1, 2], "requires_grad": true}}, "expression": "x.sum()"}
              """)
          .expect(200);
    }
    api.post("/v1/gradients", "{\"tensors\": {}, \"expression\": \"x.sum()\"}").expect(422);
  }

  private void assertAllIsQuiet() {
    soon("a scrape of the end")
        .until(
            () ->
                !prometheus
                    .now("trainyard_jobs_finished_total{state=\"succeeded\"} > 0")
                    .isEmpty());
    soon("no alert, the absence before the first scrape having passed")
        .untilAsserted(() -> assertThat(prometheus.now("ALERTS")).isEmpty());
  }

  private void jobsFail() {
    api.post("/v1/jobs", Api.shortJob("refused").replace("MSELoss", "NoLoss")).expect(422);
    String diverging =
        api.submit(
            Api.shortJob("diverging")
                .replace("\"lr\": 0.01", "\"lr\": 1e30")
                .replace("\"epochs\": 3", "\"epochs\": 50"));
    assertThat(api.ended(diverging).get("reason").stringValue()).isEqualTo("diverged");
    awaitAlert("TrainyardJobDiverged");
    String late =
        api.submit(
            steady("late").replace("\"seed\": 3}", "\"seed\": 3, \"max_runtime_seconds\": 1}"));
    assertThat(api.ended(late).get("reason").stringValue()).isEqualTo("deadline_exceeded");
    awaitAlert("TrainyardJobsFailing");
  }

  /** Each is tried again and then trains on. */
  private List<String> runnersCrash(ProcessHandle other) {
    List<String> victims = new ArrayList<>();
    for (int i = 0; i < VICTIMS; i++) {
      victims.add(api.submit(steady("victim-" + i)));
    }
    victims.forEach(id -> api.awaitJob(id, job -> job.get("epoch").intValue() >= 1));
    runnersBut(other).forEach(ProcessHandle::destroyForcibly);
    awaitAlert("TrainyardRunnersCrashing");
    victims.forEach(
        id ->
            api.awaitJob(
                id,
                job ->
                    job.get("attempt").intValue() == 2
                        && job.get("state").stringValue().equals("running")));
    return victims;
  }

  private void jobsStallAndTheQueueGrows(ProcessHandle other) throws Exception {
    stopped = runnersBut(other);
    for (ProcessHandle runner : stopped) {
      new ProcessBuilder("kill", "-STOP", Long.toString(runner.pid())).start().waitFor();
    }
    soon("stalled jobs and a growing queue")
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              api.submit(Api.shortJob("waiting"));
              return fired().containsAll(List.of("TrainyardJobStalled", "TrainyardQueueGrowing"));
            });
  }

  private List<ProcessHandle> runnersBut(ProcessHandle other) {
    return server.runners().stream()
        .filter(runner -> !runner.equals(other) && isRunner(runner))
        .toList();
  }

  /** The calculator is a child of the server, too. */
  private static boolean isRunner(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("RunnerMain");
  }

  private void assertEveryQueryGivesData() throws IOException {
    List<String> empty = new ArrayList<>();
    System.out.println("series | where | query");
    for (Dashboard.Query query : new Dashboard().queries()) {
      int series = answer(query).size();
      System.out.printf("%6d | %s | %s%n", series, query.where(), query.expression());
      if (series == 0) {
        empty.add(query.where());
      }
    }
    assertThat(empty).as("queries without data").isEmpty();
  }

  private JsonNode answer(Dashboard.Query query) {
    if (query.label() != null) {
      return prometheus.labelValues(query.expression(), query.label());
    }
    return query.instant()
        ? prometheus.now(query.expression())
        : prometheus.sinceStart(query.expression());
  }

  private void awaitAlert(String name) {
    soon(name).until(() -> fired().contains(name));
  }

  /** The alerts that have fired until now. */
  private Set<String> fired() {
    return values("ALERTS{alertstate=\"firing\"}", "alertname");
  }

  private Set<String> stalled() {
    return values("ALERTS{alertname=\"TrainyardJobStalled\", alertstate=\"firing\"}", "job_id");
  }

  private Set<String> values(String query, String label) {
    Set<String> values = new TreeSet<>();
    prometheus
        .sinceStart(query)
        .forEach(series -> values.add(series.at("/metric/" + label).stringValue()));
    return values;
  }

  private static Set<String> named(String rules) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = ALERT.matcher(rules);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static ConditionFactory soon(String what) {
    return Awaitility.await(what).atMost(Duration.ofMinutes(3));
  }
}
