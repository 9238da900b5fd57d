package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The first command that a user runs. */
class QuickstartIT {

  private record Run(int exit, String output) {
    List<String> linesThatStartWith(String start) {
      return output.lines().filter(line -> line.startsWith(start)).toList();
    }
  }

  private static Run quickstart(Path home, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("bin/quickstart"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TRAINYARD_HOME", home.toString());
    builder.environment().put("SERVER_PORT", "0");
    Process quickstart = builder.redirectErrorStream(true).start();
    String output = new String(quickstart.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(quickstart.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Run(quickstart.exitValue(), output);
  }

  @Test
  void trainsIrisWithALineForEveryEpochAndStops(@TempDir Path home) throws Exception {
    Run run = quickstart(home, "--once");

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.linesThatStartWith("Epoch "))
        .hasSize(50)
        .allMatch(
            line ->
                line.matches(
                    "Epoch \\d+/50  loss \\d\\.\\d{4}  val \\d\\.\\d{4}  accuracy \\d\\.\\d{3}"));
    assertThat(run.output()).contains("Job succeeded (completed)");
  }

  @ParameterizedTest
  @CsvSource({
    "sequential, seed-sequential-adam-mse",
    "sequential-sgd, seed-sequential-sgd-l1",
  })
  void anExamplePrintsTheLinesOfThePythonLoop(String example, String reference, @TempDir Path home)
      throws Exception {
    Run run = quickstart(home, "--once", "--example", example);

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.linesThatStartWith("Epoch:")).containsExactlyElementsOf(torchsLines(reference));
  }

  /** {@code print('Epoch:{}, Loss:{:.4f}'.format(epoch, loss))} of torch's own losses. */
  private static List<String> torchsLines(String reference) throws IOException {
    List<String> lines = new ArrayList<>();
    Path file = Path.of("src/test/resources/reference/expected.json");
    for (JsonNode one : Json.read(Files.readAllBytes(file)).get("cases")) {
      if (one.get("name").stringValue().equals(reference)) {
        for (JsonNode loss : one.get("train_loss")) {
          int epoch = lines.size();
          lines.add(String.format(Locale.ROOT, "Epoch:%d, Loss:%.4f", epoch, loss.doubleValue()));
        }
      }
    }
    assertThat(lines).isNotEmpty();
    return lines;
  }

  /** Sums in the millions have no four exact decimals in float32. */
  @ParameterizedTest
  @CsvSource({
    "autograd, seed-autograd",
    "custom-backward, seed-custom-backward",
    "sequential-sum, seed-sequential-adam-sum"
  })
  void anExampleOfSumsPrintsTorchsNumbers(String example, String reference, @TempDir Path home)
      throws Exception {
    Run run = quickstart(home, "--once", "--example", example);

    assertThat(run.exit()).as(run.output()).isZero();
    List<String> lines = run.linesThatStartWith("Epoch:");
    List<String> torch = torchsLines(reference);
    assertThat(lines).hasSameSizeAs(torch);
    for (int i = 0; i < lines.size(); i++) {
      String[] line = lines.get(i).split("Loss:", 2);
      String[] expected = torch.get(i).split("Loss:", 2);
      assertThat(line[0]).isEqualTo(expected[0]);
      double loss = Double.parseDouble(expected[1]);
      assertThat(Double.parseDouble(line[1])).isCloseTo(loss, within(1e-5 * loss));
    }
  }

  @Test
  void anExampleNeedsAName(@TempDir Path home) throws Exception {
    Run run = quickstart(home, "--example");

    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run.output().lines().map(String::strip)).contains("iris", "digits", "sequential");
  }

  @Test
  void anUnknownExampleIsRefusedWithTheOnesThereAre(@TempDir Path home) throws Exception {
    Run run = quickstart(home, "--once", "--example", "mnist");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.output()).contains("no example 'mnist'").contains("digits", "sequential-sgd");
  }
}
