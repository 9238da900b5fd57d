package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.TestDatabases;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A server of its own for requests of any kind, what it has stored, and what it must never do. With
 * {@code -Dtrainyard.fuzz.database=postgres} it stores that in PostgreSQL.
 */
final class FuzzedServer implements AutoCloseable {
  static final String DEPLOYMENT = "fuzzed";
  private static final String MODELS = "/v1/models";
  private static final String DATASETS = "/v1/datasets";
  private static final String JOBS = "/v1/jobs";
  private static final String DEPLOYMENTS = "/v1/deployments";

  /** Of one answer, on a machine that has a lot to do. */
  private static final Duration BOUND = Duration.ofSeconds(15);

  private final ServerProcess server;
  private final Api api;
  private final Map<String, Set<String>> stored = new LinkedHashMap<>();
  private final Map<String, Integer> answers = new TreeMap<>();
  private final String trained;
  private @Nullable String holder;

  FuzzedServer() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--trainyard.runner.spare=false",
                "--trainyard.runner.cancel-grace=1s",
                // The runner that holds the slot reports nothing.
                "--trainyard.runner.hang-limit=10h"));
    if (System.getProperty("trainyard.fuzz.database", "h2").equals("postgres")) {
      arguments.addAll(TestDatabases.newPostgres().arguments());
    }
    try {
      Path home = Files.createTempDirectory(Path.of("target"), "fuzzed-server");
      server = ServerProcess.start(home.toAbsolutePath(), arguments.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    api = new Api(server.url());
    List.of(MODELS, DATASETS, JOBS, DEPLOYMENTS).forEach(c -> stored.put(c, new TreeSet<>()));
    trained = train();
  }

  /** A job with a table's columns and checkpoints, which is also deployed. */
  private String train() {
    String rows = "width,size,kind\n1,small,a\n2,large,b\n3,small,b\n4,large,a\n5,small,a\n";
    String spec =
        "{\"name\": \"fuzzed-table\", \"format\": \"csv\", \"target\": \"kind\","
            + " \"features\": [\"width\", \"size\"]}";
    upload(spec, rows.getBytes(StandardCharsets.UTF_8)).expect(201);
    String job =
        """
        {"name": "fuzzed", "dataset": "fuzzed-table", "model": {"layers": [
           {"type": "Linear", "in_features": 3, "out_features": 2}]},
         "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "SGD", "lr": 0.01},
         "epochs": 2, "seed": 1, "checkpoint": {"every_epochs": 1}}
        """;
    String id = submit(job);
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    String request = Json.write(Json.object().put("job", id));
    send("PUT", DEPLOYMENTS + "/" + DEPLOYMENT, request.getBytes(StandardCharsets.UTF_8))
        .expect(201);
    return id;
  }

  Api api() {
    return api;
  }

  /** The id of a job that has succeeded. */
  String trained() {
    return trained;
  }

  private String submit(String document) {
    String id = api.submit(document);
    known(JOBS).add(id);
    return id;
  }

  private Set<String> known(String collection) {
    return Objects.requireNonNull(stored.get(collection));
  }

  /**
   * No job trains from now on: the runs of jobs that are accepted after all are no part of this.
   */
  void hold() {
    if (holder == null) {
      List<Long> others = server.runners().stream().map(ProcessHandle::pid).toList();
      holder = submit(Api.longJob("holder"));
      api.awaitJob(holder, job -> job.get("state").stringValue().equals("running"));
      for (ProcessHandle runner : server.runners()) {
        if (!others.contains(runner.pid())) {
          ServerProcess.signal("STOP", runner.pid());
        }
      }
    }
  }

  /** Jobs train. */
  void release() {
    if (holder != null) {
      api.post(JOBS + "/" + holder + "/cancel").expect(202);
      api.ended(holder);
      holder = null;
    }
  }

  Api.Answer send(String method, String path, byte[] body, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Content-Type", "application/json"));
    long start = System.nanoTime();
    Api.Answer answer =
        api.send(method, path, BodyPublishers.ofByteArray(body), all.toArray(String[]::new));
    return checked(path, answer, start, body);
  }

  Api.Answer upload(String spec, byte[] file) {
    long start = System.nanoTime();
    // The part is written as text: a spec that has no text in UTF-8 comes as a question mark.
    return checked(DATASETS, api.upload(spec, file), start, spec.getBytes(StandardCharsets.UTF_8));
  }

  Api.Answer get(String path, String... headers) {
    long start = System.nanoTime();
    return checked(path, api.get(path, headers), start, new byte[0]);
  }

  /** A request that may be refused before it comes to a route of openapi.yaml. */
  Api.Answer anything(String method, String path) {
    long start = System.nanoTime();
    String place = (path.startsWith("/v2/") ? "/v2/" : "") + "(any path)";
    return checked(place, exchange(method, path), start, new byte[0]);
  }

  private Api.Answer exchange(String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api.url() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> response = Api.HTTP.send(request, BodyHandlers.ofString());
      return new Api.Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Api.Answer checked(String path, Api.Answer answer, long start, byte[] body) {
    assertThat(Duration.ofNanos(System.nanoTime() - start)).as(path).isLessThan(BOUND);
    String place = path.replaceAll("\\?.*", "").replaceAll("job_[0-9a-z]{26}", "{id}");
    answers.merge(place + " " + answer.status(), 1, Integer::sum);
    assertThat(answer.status()).as(answer.body()).isBetween(200, 499);
    if (answer.status() < 400) {
      remember(place, answer);
    } else {
      if (place.startsWith("/v2/") && answer.header("Content-Type").equals("application/json")) {
        assertThat(answer.json().get("error").stringValue()).isNotBlank();
      } else {
        ProblemChecks.check(answer, body);
      }
      stored.keySet().stream().filter(place::startsWith).forEach(this::nothingNew);
    }
    return answer;
  }

  /** What is stored is known; a job is also cancelled, to make room for the next. */
  private void remember(String place, Api.Answer answer) {
    boolean stores = answer.status() == 201 || answer.status() == 202;
    if (place.startsWith(JOBS) && answer.status() == 202) {
      String id = answer.json().get("id").stringValue();
      known(JOBS).add(id);
      api.post(JOBS + "/" + id + "/cancel");
    } else if (place.startsWith(DEPLOYMENTS + "/")) {
      known(DEPLOYMENTS).removeIf(one -> one.startsWith(place.substring(16) + "@"));
      known(DEPLOYMENTS).add(key(answer.json()));
    } else if (stores && stored.containsKey(place)) {
      known(place).add(key(answer.json()));
    }
  }

  /** Of a deployment with what a request for it changes. */
  private static String key(JsonNode one) {
    return one.has("id")
        ? one.get("id").stringValue()
        : one.get("name").stringValue() + "@" + one.get("revision");
  }

  /** Ids sort by time, and the newest is the first of a list. Of deployments there are few. */
  private void nothingNew(String collection) {
    boolean few = collection.equals(DEPLOYMENTS);
    Set<String> last = new TreeSet<>();
    JsonNode page = exchange("GET", collection + (few ? "" : "?limit=1")).expect(200).json();
    page.get("data").forEach(one -> last.add(key(one)));
    Set<String> known = known(collection);
    assertThat(last)
        .isEqualTo(few || known.isEmpty() ? known : Set.of(((TreeSet<String>) known).last()));
  }

  /** Nothing is stored but what was answered with 201 or 202, and the server is ready. */
  void check() {
    stored.forEach((path, known) -> assertThat(listed(path)).as(path).isEqualTo(known));
    assertThat(server.isAlive()).isTrue();
    assertThat(api.get("/actuator/health/readiness").expect(200).body()).contains("UP");
    assertThat(server.log()).doesNotContain("request failed");
  }

  private Set<String> listed(String path) {
    Set<String> keys = new TreeSet<>();
    String after = "";
    while (true) {
      JsonNode page = api.get(path + "?limit=200" + after).expect(200).json();
      page.get("data").forEach(one -> keys.add(key(one)));
      if (!page.get("has_more").booleanValue()) {
        return keys;
      }
      after = "&after=" + page.get("next_cursor").stringValue();
    }
  }

  @Override
  public void close() {
    System.out.println("fuzz: answers " + answers);
    try {
      release();
    } finally {
      server.close();
    }
  }
}
