package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Requests that no resource takes, whatever they say. */
@ExtendWith(SharedServer.class)
class BadRequestIT {
  private static final List<String> PATHS =
      List.of("/v1/models", "/v1/models/validate", "/v1/datasets", "/v1/jobs", "/v1/gradients");

  /** By Tomcat and by Spring's firewall, before there is a route. */
  @Test
  void whatIsNoPathIsRefused(Api api) throws IOException {
    for (String path :
        List.of(
            "/v1/jobs/..%2f..%2fetc%2fpasswd/logs",
            "/v1/jobs/%zz", "/v1/jobs/a%00", "/v1/jobs/a;b=c", "/v1//jobs")) {
      String answer = HostileInputIT.raw(api, "GET " + path + " HTTP/1.1\r\n");

      assertThat(answer)
          .as(path)
          .startsWith("HTTP/1.1 400")
          .contains("Content-Type: application/problem+json", "\"code\":\"malformed\"")
          .doesNotContain("Tomcat", "<html");
    }
    String header = "X-Long: " + "x".repeat(20_000) + "\r\n";
    assertThat(HostileInputIT.raw(api, "GET /v1/jobs HTTP/1.1\r\n" + header))
        .startsWith("HTTP/1.1 400")
        .contains("Content-Type: application/problem+json");
  }

  @Test
  void otherContentTypesAreRefused(Api api) {
    for (String path : PATHS) {
      api.send("POST", path, BodyPublishers.ofString("a=b"), "Content-Type", "text/plain")
          .expect(415);
    }
  }

  @Test
  void whatDoesNotExistIsNotFound(Api api) {
    JsonNode problem = api.get("/v1/jobs/job_nothing").expect(404).json();
    assertThat(problem.get("code").stringValue()).isEqualTo("not_found");
    for (String sub :
        List.of("metrics", "events", "attempts", "artifacts", "artifacts/a", "script.py", "logs")) {
      api.get("/v1/jobs/job_nothing/" + sub).expect(404);
    }
    api.post("/v1/jobs/job_nothing/cancel").expect(404);
    api.delete("/v1/jobs/job_nothing").expect(404);
    api.get("/v1/models/nothing").expect(404);
    api.get("/v1/datasets/nothing").expect(404);
    api.delete("/v1/datasets/nothing").expect(404);
    api.get("/v1/nothing").expect(404);
  }

  @Test
  void wrongQueryParametersAreRefused(Api api) {
    api.get("/v1/models?limit=0").expect(400);
    api.get("/v1/datasets?limit=x").expect(400);
    api.get("/v1/jobs?limit=201").expect(400);
    api.get("/v1/jobs?state=busy").expect(400);
    for (String parameter : List.of("after", "name", "tag.team", "x")) {
      api.get("/v1/jobs?" + parameter + "=a%00").expect(400);
    }
    api.get("/v1/models?after=%00").expect(400);
    String id = api.submit(Api.shortJob("queried"));
    api.get("/v1/jobs/" + id + "/metrics?limit=0").expect(400);
    api.get("/v1/jobs/" + id + "/metrics?after=x").expect(400);
    api.ended(id);
    api.delete("/v1/jobs/" + id).expect(204);
  }

  @Test
  void aBodyOfTwoHundredMegabytesIsRefused(Api api) {
    byte[] block = new byte[1 << 20];
    for (String path : PATHS) {
      var body = BodyPublishers.ofByteArrays(Collections.nCopies(200, block));
      Api.Answer answer = api.send("POST", path, body, "Content-Type", "application/json");
      assertThat(answer.expect(413).json().get("code").stringValue()).isEqualTo("too_large");
    }
  }

  /** Each is within the limits of its parts, and of the body. */
  @Test
  void aDocumentThatCannotBeStoredIsRefused(Api api) {
    String weights = "0.123456,".repeat(110_000) + "1";
    String job =
        """
        {"model": {"layers": [{"type": "Linear", "in_features": 2, "out_features": 110001}]},
         "dataset": {"type": "synthetic", "samples": 4, "input_shape": [2], "classes": 110001},
         "loss": {"type": "CrossEntropyLoss", "weight": [%s]},
         "optimizer": {"type": "SGD", "lr": 0.1}, "epochs": 1}"""
            .formatted(weights);
    assertThat(api.post("/v1/jobs", job).expect(422).pointers()).containsExactly("");
    String layer = "{\"type\": \"Custom\", \"forward\": \"x%s\"}".formatted(" ".repeat(9_950));
    String model = "{\"name\": \"long\", \"layers\": [" + (layer + ",").repeat(99) + layer + "]}";
    assertThat(api.post("/v1/models", model).expect(422).pointers()).containsExactly("");
  }

  @Test
  void deepNestingIsRefused(Api api) {
    api.post("/v1/jobs", "{\"model\":".repeat(50_000)).expect(400);
    api.post("/v1/models", "[".repeat(100_000)).expect(400);
  }
}
