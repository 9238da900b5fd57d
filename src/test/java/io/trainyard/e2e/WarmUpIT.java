package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes starts fast: archives of classes, and a spare runner that has rehearsed. */
class WarmUpIT {
  private static final Pattern SERVERS = Pattern.compile("/trainyard\\.(jsa|aot)\\n");
  private static final Pattern RUNNERS = Pattern.compile("/runner\\.(jsa|aot)\\n");

  private static final Pattern GREETINGS =
      Pattern.compile(
          "http_server_requests_seconds_count\\{[^}]*uri=\"/v2/health/live\"[^}]*} (\\S+)");

  /** As bin/warm-up has left them beside the jar. */
  @Test
  void serversAndRunnersFindTheirClasses(@TempDir Path home) {
    try (ServerProcess server = ServerProcess.start(home)) {
      assertThat(maps(server.pid())).containsPattern(SERVERS);
      Awaitility.await("a runner with its archive")
          .until(
              () ->
                  server.runners().stream()
                      .anyMatch(runner -> RUNNERS.matcher(maps(runner.pid())).find()));
      assertThat(server.log()).doesNotContain("[warning]", "[error]");
    }
  }

  /** It greets its server 200 times after it has rehearsed an attempt, and not if that failed. */
  @Test
  void aSpareRunnerRehearses(@TempDir Path home) {
    try (ServerProcess server = ServerProcess.start(home)) {
      Api api = new Api(server.url());
      Awaitility.await("greetings")
          .atMost(Duration.ofSeconds(60))
          .until(() -> greetings(api.get("/actuator/prometheus").expect(200).body()) >= 200);
    }
  }

  private static double greetings(String metrics) {
    return GREETINGS
        .matcher(metrics)
        .results()
        .mapToDouble(m -> Double.parseDouble(m.group(1)))
        .sum();
  }

  /** The files that a process has mapped into its memory; empty if it has ended. */
  private static String maps(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "maps"));
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
