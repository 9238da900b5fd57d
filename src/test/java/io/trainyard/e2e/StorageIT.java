package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Digests;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A store that takes no more. The system is told to let the server write no file beyond a size,
 * which fails as a full disk does, in mid-write.
 */
class StorageIT {
  private static final int LIMIT = 16 << 20;

  /** Its model has 24 MB of parameters. */
  private static String largeModel(String name) {
    return """
        {"name": "%s", "model": {"layers": [{"type": "Linear", "in_features": 3000, "out_features": 2000}]},
         "dataset": {"type": "synthetic", "seed": 1, "samples": 64, "input_shape": [3000], "target_shape": [2000]},
         "loss": {"type": "MSELoss"}, "optimizer": {"type": "SGD", "lr": 0.01}, "epochs": 20, "batch_size": 8, "seed": 3}
        """
        .formatted(name);
  }

  private static void limit(ServerProcess server, String bytes) {
    ServerProcess.run(
        "prlimit", "--pid", Long.toString(server.pid()), "--fsize=" + bytes + ":unlimited");
  }

  private static String token(ServerProcess server) throws Exception {
    ProcessHandle runner = Objects.requireNonNull(server.runner());
    String prefix = "TRAINYARD_RUN_TOKEN=";
    return Arrays.stream(
            Files.readString(Path.of("/proc/" + runner.pid() + "/environ")).split("\0"))
        .filter(entry -> entry.startsWith(prefix))
        .map(entry -> entry.substring(prefix.length()))
        .findFirst()
        .orElseThrow();
  }

  private static Api.Answer put(Api api, String job, String token, byte[] content) {
    return api.send(
        "PUT",
        "/internal/runs/" + job + "-1/artifacts/state.bin",
        BodyPublishers.ofByteArray(content),
        "Authorization",
        "Bearer " + token,
        "Content-Type",
        "application/octet-stream");
  }

  @Test
  void aFullStoreFailsTheJobClearlyAndKeepsWhatItHas(@TempDir Path home) throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            home,
            "--trainyard.runner.spare=false",
            "--trainyard.runner.slots=2",
            "--trainyard.runner.hang-limit=1h")) { // one of them is stopped
      Api api = new Api(server.url());
      String holder = api.submit(Api.longJob("holder"));
      api.awaitJob(holder, job -> job.get("epoch").intValue() >= 1);
      String token = token(server);
      // It would go on to write into the database's file; the test speaks in its place.
      ServerProcess.signal("STOP", Objects.requireNonNull(server.runner()).pid());
      byte[] before = new byte[LIMIT / 2];
      put(api, holder, token, before).expect(204);

      limit(server, Integer.toString(LIMIT));
      Api.Answer refused = put(api, holder, token, new byte[2 * LIMIT]);

      refused.expect(507);
      assertThat(refused.json().get("code").stringValue()).isEqualTo("storage");
      assertThat(refused.json().get("detail").stringValue())
          .contains("state.bin cannot be stored", "File too large");
      JsonNode files = api.get("/v1/jobs/" + holder + "/artifacts").json().get("data");
      JsonNode kept =
          files
              .valueStream()
              .filter(f -> !f.get("generated").booleanValue())
              .findFirst()
              .orElseThrow();
      assertThat(kept.get("bytes").intValue()).isEqualTo(before.length);
      assertThat(kept.get("sha256").stringValue()).isEqualTo(Digests.sha256(before));
      assertThat(api.get("/v1/jobs/" + holder + "/artifacts/state.bin").expect(200).body().length())
          .isEqualTo(before.length);
      try (Stream<Path> stored = Files.list(home.resolve("jobs/" + holder + "/artifacts"))) {
        assertThat(stored.map(f -> f.getFileName().toString()))
            .containsExactlyInAnyOrder("state.bin", ".state.bin.sha256");
      }

      // A runner inherits the limit and would meet it before the server does.
      limit(server, "unlimited");
      String id = api.submit(largeModel("large").replace(": 20,", ": 60,"));
      api.awaitJob(id, job -> job.get("epoch").intValue() >= 1);
      limit(server, Integer.toString(LIMIT));
      JsonNode ended = api.ended(id);

      assertThat(ended.get("state").stringValue()).isEqualTo("failed");
      assertThat(ended.get("reason").stringValue()).isEqualTo("storage_error");
      assertThat(ended.at("/error/detail").stringValue())
          .contains("model.safetensors cannot be stored", "File too large");
      assertThat(ended.get("attempt").intValue()).isEqualTo(1);

      limit(server, "unlimited");
      assertThat(api.ended(api.submit(largeModel("again"))).get("state").stringValue())
          .isEqualTo("succeeded");
      api.post("/v1/jobs/" + holder + "/cancel").expect(202);
      api.ended(holder);
    }
  }
}
