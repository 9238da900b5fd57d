package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bin/warm-up has left beside the jar is used by the servers and runners that start here. */
class WarmUpIT {
  private static final Pattern SERVERS = Pattern.compile("/trainyard\\.(jsa|aot)\\n");
  private static final Pattern RUNNERS = Pattern.compile("/runner\\.(jsa|aot)\\n");

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
