package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.artifacts.S3Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The service with its artifacts in a bucket. */
class S3IT {
  @Test
  void aJobsArtifactsAreInTheBucketAndGoWithTheJob(@TempDir Path directory) {
    try (S3Server s3 = S3Server.start(directory.resolve("s3"));
        ServerProcess server =
            ServerProcess.start(
                directory.resolve("home"),
                "--trainyard.artifacts.s3.bucket=" + s3.newBucket(),
                "--trainyard.artifacts.s3.endpoint=" + s3.url(),
                "--trainyard.artifacts.s3.access-key=" + S3Server.ACCESS_KEY,
                "--trainyard.artifacts.s3.secret-key=" + S3Server.SECRET_KEY)) {
      Api api = new Api(server.url());
      String id = api.submit(Api.shortJob("in-a-bucket"));
      assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");

      JsonNode artifacts = api.get("/v1/jobs/" + id + "/artifacts").expect(200).json().get("data");
      assertThat(
              artifacts
                  .valueStream()
                  .filter(a -> !a.get("generated").booleanValue())
                  .map(a -> a.get("name").stringValue()))
          .containsExactlyElementsOf(List.of("model.json", "model.safetensors"));
      assertThat(api.get("/v1/jobs/" + id + "/artifacts/model.json").expect(200).body())
          .contains("\"input_shape\"");
      api.get("/v1/jobs/" + id + "/artifacts/nothing").expect(404);
      assertThat(directory.resolve("home/jobs/" + id + "/artifacts")).doesNotExist();

      api.delete("/v1/jobs/" + id).expect(204);
    }
  }
}
