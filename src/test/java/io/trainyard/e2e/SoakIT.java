package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What is used up: memory and file descriptors, of the server by jobs and of a runner by epochs.
 */
class SoakIT {
  /** More by hand: {@code -Dtrainyard.test.soak.jobs=300 -Dtrainyard.test.soak.epochs=100000}. */
  private static final int JOBS = Integer.getInteger("trainyard.test.soak.jobs", 20);

  private static final int EPOCHS = Integer.getInteger("trainyard.test.soak.epochs", 10_000);
  private static final int LOOKS = 6;

  private record Look(int at, long residentMegabytes, long descriptors) {}

  private static Look look(int at, long pid) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      long kilobytes =
          Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow();
      return new Look(at, kilobytes >> 10, descriptors.count());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tell(String what, List<Look> looks) {
    looks.forEach(
        l ->
            System.out.printf(
                "%s %d: %d MB resident, %d descriptors%n",
                what, l.at(), l.residentMegabytes(), l.descriptors()));
  }

  @Test
  void jobsLeaveNothingInTheServer(@TempDir Path home) {
    try (ServerProcess server = ServerProcess.start(home)) {
      Api api = new Api(server.url());
      List<Look> looks = new ArrayList<>();
      for (int i = 1; i <= JOBS; i++) {
        api.ended(api.submit(Api.shortJob("soak")));
        if (i == 1 || i % Math.max(1, JOBS / LOOKS) == 0) {
          looks.add(look(i, server.pid()));
        }
      }
      tell("server after job", looks);

      Look warm = looks.get(2);
      Look last = looks.get(looks.size() - 1);
      assertThat(last.descriptors() - warm.descriptors()).isLessThanOrEqualTo(10);
      // The heap may still grow to its bound, which is 256 MB; what leaks beyond it does not stop.
      assertThat(last.residentMegabytes() - warm.residentMegabytes()).isLessThan(100);
    }
  }

  @Test
  void epochsLeaveNothingInTheRunner(@TempDir Path home) {
    try (ServerProcess server = ServerProcess.start(home, "--trainyard.runner.spare=false")) {
      Api api = new Api(server.url());
      String id = api.submit(Api.longJob("long").replace("\"samples\": 4000", "\"samples\": 320"));
      Awaitility.await("a runner").until(() -> server.runner() != null);
      long runner = Objects.requireNonNull(server.runner()).pid();
      List<Look> looks = new ArrayList<>();
      for (int i = 1; i < LOOKS; i++) {
        int epoch = EPOCHS * i / LOOKS;
        JsonNode job = api.awaitJob(id, j -> j.get("epoch").intValue() >= epoch);
        looks.add(look(job.get("epoch").intValue(), runner));
      }
      api.post("/v1/jobs/" + id + "/cancel").expect(202);
      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("cancelled");
      tell("runner at epoch", looks);

      Look last = looks.get(looks.size() - 1);
      assertThat(last.descriptors() - looks.get(0).descriptors()).isLessThanOrEqualTo(5);
      assertThat(last.residentMegabytes() - looks.get(0).residentMegabytes()).isLessThan(60);
    }
  }
}
