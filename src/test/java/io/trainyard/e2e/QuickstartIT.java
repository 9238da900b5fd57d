package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command that a user runs. */
class QuickstartIT {

  @Test
  void trainsIrisWithALineForEveryEpochAndStops(@TempDir Path home) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bin/quickstart", "--once");
    builder.environment().put("TRAINYARD_HOME", home.toString());
    builder.environment().put("SERVER_PORT", "0");
    Process quickstart = builder.redirectErrorStream(true).start();

    String output = new String(quickstart.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(quickstart.waitFor(120, TimeUnit.SECONDS)).isTrue();

    assertThat(quickstart.exitValue()).as(output).isZero();
    List<String> epochs = output.lines().filter(line -> line.startsWith("Epoch ")).toList();
    assertThat(epochs)
        .hasSize(50)
        .allMatch(
            line ->
                line.matches(
                    "Epoch \\d+/50  loss \\d\\.\\d{4}  val \\d\\.\\d{4}  accuracy \\d\\.\\d{3}"));
    assertThat(output).contains("Job succeeded (completed)");
  }
}
