package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client whose every exchange is held against the contract. */
final class Api {
  static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String url;
  private final @Nullable String key;

  Api(String url) {
    this(url, null);
  }

  private Api(String url, @Nullable String key) {
    this.url = url;
    this.key = key;
  }

  /** The same server, called with a key or token. */
  Api with(String shown) {
    return new Api(url, shown);
  }

  record Answer(int status, HttpHeaders headers, String body) {
    JsonNode json() {
      return Json.MAPPER.readTree(body);
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    /** The pointers of a problem's errors. */
    List<String> pointers() {
      List<String> pointers = new ArrayList<>();
      json().path("errors").forEach(e -> pointers.add(e.path("pointer").asString()));
      return pointers;
    }

    Answer expect(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }
  }

  String url() {
    return url;
  }

  Answer get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  Answer delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody());
  }

  Answer post(String path) {
    return send("POST", path, BodyPublishers.noBody());
  }

  Answer post(String path, Object json, String... headers) {
    String body = json instanceof String text ? text : Json.write(json);
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    return send("POST", path, BodyPublishers.ofString(body), all.toArray(String[]::new));
  }

  /** A multipart upload of a dataset. */
  Answer upload(String spec, byte[] file, String... headers) {
    return upload(spec, Map.of("file", file), headers);
  }

  /** A multipart upload of a dataset, of files by the names of their parts. */
  Answer upload(String spec, Map<String, byte[]> files, String... headers) {
    String boundary = "----trainyard-test";
    List<byte[]> body = new ArrayList<>();
    String head =
        """
        --%s
        Content-Disposition: form-data; name="spec"

        %s\
        """
            .formatted(boundary, spec);
    body.add(line(head));
    files.forEach(
        (name, file) -> {
          String next =
              """

              --%s
              Content-Disposition: form-data; name="%s"; filename="data"
              Content-Type: application/octet-stream

              """;
          body.add(line(next.formatted(boundary, name)));
          body.add(file);
        });
    body.add(line("\n--" + boundary + "--\n"));
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "multipart/form-data; boundary=" + boundary));
    return send(
        "POST", "/v1/datasets", BodyPublishers.ofByteArrays(body), all.toArray(String[]::new));
  }

  private static byte[] line(String text) {
    return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  Answer send(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    try {
      var response = HTTP.send(request.build(), BodyHandlers.ofString());
      Contract.INSTANCE.check(
          method,
          URI.create(path).getPath(),
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An example document as the README's user posts it. */
  static String example(String name) {
    try {
      return Files.readString(Path.of("examples", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] exampleFile(String name) {
    try {
      return Files.readAllBytes(Path.of("examples", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Posts a job and gives its id. */
  String submit(Object document) {
    Answer answer = post("/v1/jobs", document).expect(202);
    String id = answer.json().get("id").stringValue();
    assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + id);
    return id;
  }

  JsonNode job(String id) {
    return get("/v1/jobs/" + id).expect(200).json();
  }

  /** The job once it has ended. */
  JsonNode ended(String id) {
    return awaitJob(id, job -> job.get("terminal").booleanValue());
  }

  JsonNode awaitJob(String id, java.util.function.Predicate<JsonNode> condition) {
    JsonNode[] last = new JsonNode[1];
    Awaitility.await("job " + id)
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              last[0] = job(id);
              return condition.test(last[0]);
            });
    return last[0];
  }

  /** One that no machine is done with before it is cancelled, of epochs of some milliseconds. */
  static String longJob(String name) {
    return longJob(name, 1_000_000);
  }

  /** One that ends by itself. */
  static String longJob(String name, int epochs) {
    return """
    {"name": "%s", "model": {"layers": [{"type": "Linear", "in_features": 20, "out_features": 64},
      {"type": "ReLU"}, {"type": "Linear", "in_features": 64, "out_features": 3}]},
     "dataset": {"type": "synthetic", "seed": 1, "samples": 4000, "input_shape": [20], "classes": 3},
     "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "SGD", "lr": 0.001},
     "epochs": %d, "batch_size": 16, "seed": 3}
    """
        .formatted(name, epochs);
  }

  /** A job of a few milliseconds. */
  static String shortJob(String name) {
    return """
    {"name": "%s", "model": {"layers": [{"type": "Linear", "in_features": 2, "out_features": 1}]},
     "dataset": {"type": "synthetic", "seed": 1, "samples": 8, "input_shape": [2], "target_shape": [1]},
     "loss": {"type": "MSELoss"}, "optimizer": {"type": "SGD", "lr": 0.01},
     "epochs": 3, "seed": 3}
    """
        .formatted(name);
  }
}
