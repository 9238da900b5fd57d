package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands of docs/tutorial.md as they stand there, and what they print. */
class TutorialIT {
  private static final Pattern ROW =
      Pattern.compile("\\| `(digits-\\w+)` \\| (\\d+) \\| (\\d+) \\| ([\\d.]+) \\| ([\\d.]+) \\|");

  private static List<String> blocks(String page, String language) {
    Pattern block = Pattern.compile("(?ms)^```" + language + "\\n(.*?)\\n```$");
    return block.matcher(page).results().map(found -> found.group(1)).toList();
  }

  @Test
  void everyCommandWorksAndPrintsWhatThePageSays(@TempDir Path directory) throws Exception {
    String page = Files.readString(Path.of("docs", "tutorial.md"));
    List<String> commands = new ArrayList<>(blocks(page, "sh"));
    assertThat(commands.remove(0))
        .as("what the build and this test do")
        .isEqualTo("mvn -q -B -DskipTests package\njava -jar target/trainyard.jar");
    assertThat(commands.remove(0)).isEqualTo("url=http://127.0.0.1:8080");
    leaveOutWhatIsNotHere(commands);
    Files.createSymbolicLink(directory.resolve("examples"), Path.of("examples").toAbsolutePath());
    // Threads of one runner wait for each other, which takes minutes on a busy machine.
    try (ServerProcess server =
        ServerProcess.start(directory.resolve("home"), "--trainyard.runner.threads=1")) {
      String printed = run(server.url(), commands, directory);

      for (String json : blocks(page, "json")) {
        assertThat(printed).containsPattern(pattern(json));
      }
      JsonNode jobs = new Api(server.url()).get("/v1/jobs?name=digits&state=succeeded").json();
      List<MatchResult> rows = ROW.matcher(page).results().toList();
      assertThat(rows).hasSize(2);
      for (MatchResult row : rows) {
        check(new Api(server.url()), job(jobs, row.group(1)), row);
      }
      assertThat(directory.resolve("digits.onnx")).isNotEmptyFile();
      assertThat(directory.resolve("digits.pt")).isNotEmptyFile();
      assertThat(directory.resolve("digits.safetensors")).isNotEmptyFile();
    }
  }

  /** What the page leaves out may be anything. */
  private static Pattern pattern(String json) {
    return Pattern.compile(
        Arrays.stream(json.split("…")).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  private static void leaveOutWhatIsNotHere(List<String> commands) {
    if (!Torch.isThere()) {
      commands.removeIf(block -> block.contains("python3"));
    }
  }

  /** As a user's shell does it, but that a command that fails ends it. */
  private static String run(String url, List<String> commands, Path directory) throws Exception {
    Path statuses = directory.resolve("statuses");
    String program =
        """
        set -euo pipefail
        curl() { command curl -w '%%{stderr}HTTP %%{http_code}\\n' "$@"; }
        python3() { %s "$@"; }
        url=%s
        %s
        """
            .formatted(Torch.PYTHON, url, String.join("\n", commands));
    Path output = directory.resolve("output");
    Process shell =
        new ProcessBuilder("bash", "-c", program)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(statuses.toFile())
            .start();
    try {
      assertThat(shell.waitFor(10, TimeUnit.MINUTES)).isTrue();
    } finally {
      shell.destroy();
    }
    String printed = Files.readString(output);
    assertThat(shell.exitValue()).as(Files.readString(statuses) + printed).isZero();
    assertThat(refused(statuses)).as(printed).containsExactly("HTTP 422");
    if (commands.stream().anyMatch(block -> block.contains("python3"))) {
      assertThat(printed).containsPattern("Epoch 15/15  loss \\S+  val \\S+  accuracy 0\\.9\\d+");
    }
    if (commands.stream().anyMatch(block -> block.contains("/predict"))) {
      assertThat(printed).containsPattern("\"predictions\":\\[\"?0\"?,\"?1\"?]");
    }
    return printed;
  }

  /** What was not answered by a success: the document that the page gets wrong on purpose. */
  private static List<String> refused(Path statuses) throws IOException {
    return Files.readAllLines(statuses).stream()
        .filter(line -> line.startsWith("HTTP ") && !line.startsWith("HTTP 2"))
        .toList();
  }

  private static JsonNode job(JsonNode jobs, String name) {
    return jobs.get("data")
        .valueStream()
        .filter(job -> job.get("name").stringValue().equals(name))
        .reduce((newer, older) -> older) // a fork has its name
        .orElseThrow();
  }

  /** Another processor rounds otherwise, which grows with the steps. */
  private static void check(Api api, JsonNode job, MatchResult row) {
    String path = "/v1/jobs/" + job.get("id").stringValue();
    JsonNode rows = api.get(path + "/metrics?limit=200").expect(200).json().get("data");
    JsonNode last = rows.get(rows.size() - 1);
    double accuracy = last.at("/metrics/accuracy").doubleValue();
    System.out.println("tutorial: " + row.group(1) + " " + last);
    assertThat(rows).hasSize(Integer.parseInt(row.group(3)));
    assertThat(accuracy).isGreaterThanOrEqualTo(0.97);
    assertThat(accuracy).isCloseTo(Double.parseDouble(row.group(5)), within(0.01));
    assertThat(last.get("validation_loss").doubleValue())
        .isCloseTo(Double.parseDouble(row.group(4)), within(0.02));
    JsonNode estimate = api.post("/v1/jobs?dry_run=true", job.get("spec")).expect(200).json();
    assertThat(estimate.get("parameters").intValue()).isEqualTo(Integer.parseInt(row.group(2)));
  }
}
