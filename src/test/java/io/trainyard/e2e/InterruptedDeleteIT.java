package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed while it deletes a job's files finds the rest when it is back. */
class InterruptedDeleteIT {
  /** Enough that deleting them takes longer than to see that the job is gone. */
  private static final int FILES = 100_000;

  @Test
  void theRestIsFoundAndForeignFilesAreLeftAlone(@TempDir Path home) throws Exception {
    String job;
    Path directory;
    Path foreign = home.resolve("jobs").resolve("job_" + "0".repeat(26)).resolve("file");
    try (ServerProcess server = ServerProcess.start(home)) {
      Api api = new Api(server.url());
      job = api.submit(Api.shortJob("deleted"));
      api.ended(job);
      directory = home.resolve("jobs").resolve(job);
      Path many = Files.createDirectories(directory.resolve("artifacts"));
      for (int i = 0; i < FILES; i++) {
        Files.createFile(many.resolve("file-" + i));
      }
      Files.createDirectories(foreign.getParent());
      Files.createFile(foreign);

      HttpRequest delete =
          HttpRequest.newBuilder(URI.create(server.url() + "/v1/jobs/" + job)).DELETE().build();
      var unused = Api.HTTP.sendAsync(delete, BodyHandlers.discarding());
      Awaitility.await("the rows are gone")
          .pollInterval(Duration.ofMillis(5))
          .until(() -> api.get("/v1/jobs/" + job).status() == 404);
      server.kill();
    }
    assertThat(directory).as("killed in time").exists();

    try (ServerProcess server = ServerProcess.start(home)) {
      Awaitility.await("the files are gone")
          .atMost(Duration.ofSeconds(30))
          .until(() -> !Files.exists(directory));
      new Api(server.url()).get("/v1/jobs/" + job).expect(404);
    }
    assertThat(foreign).as("of a job that this database never had").exists();
  }
}
