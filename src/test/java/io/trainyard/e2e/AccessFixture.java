package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Digests;
import io.trainyard.shared.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server with keys and an issuer, on which alice has a dataset, a model and a job. */
abstract class AccessFixture {
  static final String ALICE = "alice-0123456789abcdef0123456789abcdef";
  static final String WATCHER = "watcher-123456789abcdef0123456789abcdef";
  static final String BOB = "bob-key-0123456789abcdef0123456789abcdef";
  static final String ROOT = "root-key-123456789abcdef0123456789abcdef";

  @TempDir private static Path home;
  static final Issuer ISSUER = new Issuer();
  static ServerProcess server;
  static Api nobody;
  static Api alice;
  static Api watcher;
  static Api bob;
  static Api root;

  /** What alice has. */
  static String job;

  static String model;
  static String dataset;

  @BeforeAll
  static void start() {
    server =
        ServerProcess.start(
            home,
            key("a.owner=alice"),
            key("a.sha256=" + Digests.sha256(ALICE)),
            key("w.owner=alice"),
            key("w.role=viewer"),
            key("w.sha256=" + Digests.sha256(WATCHER)),
            key("bob.sha256=" + Digests.sha256(BOB)),
            key("root.role=admin"),
            key("root.sha256=" + Digests.sha256(ROOT)),
            "--spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + ISSUER.jwks(),
            "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + ISSUER.url(),
            "--spring.security.oauth2.resourceserver.jwt.audiences=trainyard",
            "--trainyard.queue.max-per-owner=2",
            // Where a key or token might be seen.
            "--logging.level.io.trainyard=trace",
            "--logging.level.org.springframework.web=trace",
            "--logging.level.org.springframework.security=trace");
    nobody = new Api(server.url());
    alice = nobody.with(ALICE);
    watcher = nobody.with(WATCHER);
    bob = nobody.with(BOB);
    root = nobody.with(ROOT);
    dataset =
        id(alice.upload(Api.example("iris-dataset.json"), Api.exampleFile("iris.csv")).expect(201));
    model = id(alice.post("/v1/models", Api.example("iris-model.json")).expect(201));
    job = alice.submit(Api.example("iris-job.json"));
    assertThat(alice.ended(job).get("state").stringValue()).isEqualTo("succeeded");
  }

  @AfterAll
  static void stop() {
    server.close();
    ISSUER.close();
  }

  static String key(String property) {
    return "--trainyard.access.keys." + property;
  }

  static String id(Api.Answer answer) {
    return answer.json().get("id").stringValue();
  }

  static Api.Answer call(Api api, String operation, String path) {
    String method = operation.split(" ")[0];
    // An empty report, or none of its members would be there.
    String body =
        operation.endsWith("{attempt}/events") ? Json.write(new RunReport(0, 1, List.of())) : "{}";
    return method.equals("POST") || method.equals("PUT")
        ? api.send(method, path, BodyPublishers.ofString(body), "Content-Type", "application/json")
        : api.send(method, path, BodyPublishers.noBody());
  }

  /** Of requests that are not in the contract. */
  static HttpResponse<String> raw(HttpRequest.Builder request) throws Exception {
    return Api.HTTP.send(request.build(), BodyHandlers.ofString());
  }

  static String path(String operation, String job, String model, String dataset) {
    String path = operation.split(" ")[1];
    String id = path.startsWith("/v1/models") ? model : path.startsWith("/v1/data") ? dataset : job;
    return path.replace("{id}", id)
        .replace("{epoch}", "50")
        .replace("{attempt}", job + "-1")
        .replace("{file}", "manifest.json")
        .replaceAll("\\{[a-z_]+}", "model.safetensors");
  }

  static Api as(String role, String owner) {
    return nobody.with(ISSUER.token(Map.of("sub", owner, "roles", List.of(role))));
  }
}
