package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** Debian's Prometheus in a process of its own: it scrapes one server every second. */
final class PrometheusProcess {
  private final Process process;
  private final String url;
  private final Instant start = Instant.now();

  private PrometheusProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static boolean isInstalled() {
    return Stream.of("prometheus", "promtool")
        .allMatch(
            program ->
                Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(directory -> Path.of(directory, program).toFile().canExecute()));
  }

  static PrometheusProcess start(Path directory, String rules, URI target) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("alerts.yaml"), rules);
    Path config = directory.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: [alerts.yaml]
        scrape_configs:
          - job_name: trainyard
            metrics_path: /actuator/prometheus
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(target.getAuthority()));
    int port = ServerProcess.portToKeep();
    Path log = directory.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    PrometheusProcess started = new PrometheusProcess(process, "http://127.0.0.1:" + port);
    Awaitility.await("Prometheus ready, see " + log)
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> !process.isAlive() || started.send("/-/ready", "").statusCode() == 200);
    assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
    return started;
  }

  /** promtool's verdict on a file of rules. */
  static void checkRules(Path rules) throws IOException, InterruptedException {
    Process promtool =
        new ProcessBuilder("promtool", "check", "rules", rules.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.print(said);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  /** The series that a query gives at this moment. */
  JsonNode now(String query) {
    return ask("/api/v1/query", "query=" + encoded(query)).get("result");
  }

  /** The series that a query gives from this Prometheus's start on. */
  JsonNode sinceStart(String query) {
    return ask(
            "/api/v1/query_range",
            "query="
                + encoded(query)
                + "&step=1&start="
                + start.getEpochSecond()
                + "&end="
                + Instant.now().getEpochSecond())
        .get("result");
  }

  /** The values of a label of a selector's series. */
  JsonNode labelValues(String selector, String label) {
    return ask("/api/v1/label/" + label + "/values", "match[]=" + encoded(selector));
  }

  private JsonNode ask(String path, String parameters) {
    try {
      HttpResponse<String> response = send(path, parameters);
      assertThat(response.statusCode()).as(parameters + ": " + response.body()).isEqualTo(200);
      return Json.MAPPER.readTree(response.body()).get("data");
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  private HttpResponse<String> send(String path, String parameters) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path + "?" + parameters)).build();
    try {
      return Api.HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String query) {
    return URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
