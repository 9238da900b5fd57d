package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.fuzz.Draw;
import io.trainyard.fuzz.Mutations;
import io.trainyard.fuzz.RandomJobs;
import io.trainyard.fuzz.Tries;
import io.trainyard.shared.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whatever comes is answered: in time, never with a 5xx, as openapi.yaml says, with pointers that
 * lead into the document; and what is refused leaves nothing. The checks are in {@link
 * FuzzedServer}.
 */
@AddLifecycleHook(Tries.class)
class RequestFuzzIT {
  private static final List<String> REASONS =
      List.of("completed", "early_stopped", "diverged", "data_error", "out_of_memory");

  private static @Nullable FuzzedServer shared;

  @BeforeContainer
  static void start() {
    shared = new FuzzedServer();
  }

  @AfterContainer
  static void nothingElseIsStored() {
    if (shared != null) { // else its start has failed, and said so
      try (FuzzedServer server = shared) {
        server.check();
      }
    }
  }

  private static FuzzedServer server() {
    return Objects.requireNonNull(shared);
  }

  @Property(tries = 120)
  void mutatedJobs(@ForAll Random random) {
    ObjectNode job = new RandomJobs(random).next();
    job.put("name", "fuzzed").putObject("tags").put("team", "fuzz");
    job.putObject("checkpoint").put("every_epochs", 2).put("keep", 1);
    server().hold();
    sent("POST", "/v1/jobs" + (random.nextInt(4) == 0 ? "?dry_run=true" : ""), job, random);
  }

  @Property(tries = 60)
  void mutatedModels(@ForAll Random random) {
    JsonNode job = new RandomJobs(random).next();
    ObjectNode model = (ObjectNode) job.get("model").deepCopy();
    model.set("input_shape", job.at("/dataset/input_shape"));
    if (random.nextBoolean()) {
      sent("POST", "/v1/models/validate", model, random);
    } else {
      sent("POST", "/v1/models", model.put("name", "fuzzed"), random);
    }
  }

  @Property(tries = 40)
  void mutatedSyntheticDatasets(@ForAll Random random) {
    ObjectNode dataset = (ObjectNode) new RandomJobs(random).next().get("dataset").deepCopy();
    dataset.put("name", "fuzzed-" + random.nextInt(1_000_000));
    sent("POST", "/v1/datasets", dataset, random);
  }

  @Property(tries = 60)
  void mutatedGradients(@ForAll Random random) {
    sent(
        "POST",
        "/v1/gradients",
        """
        {"tensors": {"x": {"data": [[1, -2.5], [0, 3]], "requires_grad": true},
           "i": {"data": [0, 1], "dtype": "int64"}, "m": {"data": [true, false], "dtype": "bool"}},
         "expression": "(x * i).clamp(min=0).sum()", "grad_output": 1}""",
        random);
  }

  @Property(tries = 40)
  void mutatedForks(@ForAll Random random) {
    server().hold();
    sent(
        "POST",
        "/v1/jobs/" + server().trained() + "/fork",
        """
        {"checkpoint": 1, "document": {"epochs": 3, "optimizer": {"type": "SGD", "lr": 0.1},
           "name": "forked", "tags": {"team": "fuzz"}, "validation": {"fraction": 0.4}}}""",
        random);
  }

  @Property(tries = 40)
  void mutatedPredictions(@ForAll Random random) {
    sent(
        "POST",
        "/v1/jobs/" + server().trained() + "/predict",
        """
        {"instances": [{"width": 1, "size": "small"}, [2.5, "large"], [3, 0, 1]],
         "checkpoint": 2}""",
        random);
  }

  @Property(tries = 40)
  void mutatedInferences(@ForAll Random random) {
    sent(
        "POST",
        "/v2/models/" + FuzzedServer.DEPLOYMENT + "/infer",
        """
        {"id": "a", "parameters": {}, "inputs": [{"name": "input", "shape": [2, 3],
           "datatype": "FP32", "data": [[1, 0, 1], [2, 1, 0]]}],
         "outputs": [{"name": "predict"}, {"name": "output", "parameters": {}}]}""",
        random);
  }

  @Property(tries = 25)
  void mutatedDeployments(@ForAll Random random) {
    String path = "/v1/deployments/" + new Draw(random).of("fuzzed", "other", "a..b", "job_1", "-");
    ObjectNode request = Json.object().put("job", server().trained()).put("checkpoint", "best");
    sent("PUT", path, request, random);
  }

  private static void sent(String method, String path, String document, Random random) {
    sent(method, path, Json.MAPPER.readTree(document), random);
  }

  private static void sent(String method, String path, JsonNode document, Random random) {
    Mutations mutations = new Mutations(random);
    // Now and then none: what is accepted is held against openapi.yaml, too.
    int times = new Draw(random).of(0, 1, 1, 1, 2, 3);
    server().send(method, path, mutations.encode(mutations.mutate(document, times)));
  }

  @Property(tries = 60)
  void mutatedFiles(@ForAll Random random) throws IOException {
    Mutations mutations = new Mutations(random);
    String rows = "width,height,kind\n1,2.5,small\n3,4e0,large\n,-1,\"small\"\n5,0.5,large\n";
    byte[] file =
        switch (random.nextInt(5)) {
          case 0 -> mutations.damage(rows.getBytes(StandardCharsets.UTF_8), 1 + random.nextInt(4));
          case 1 -> mutations.encode(rows);
          case 2 -> rows.replaceFirst("4e0", quoted(mutations)).getBytes(StandardCharsets.UTF_8);
          case 3 -> mutations.damage(gzip(rows), random.nextInt(3));
          default -> ("a,".repeat(3000) + "b\n").repeat(2).getBytes(StandardCharsets.UTF_8);
        };
    String spec =
        """
        {"name": "file-%d", "format": "csv", "target": "kind", "features": ["width", "height"],
         "input_shape": [2], "normalize": "standard"}"""
            .formatted(random.nextInt(1_000_000));
    boolean whole = random.nextBoolean();
    server().upload(whole ? spec : mutations.mutate(Json.MAPPER.readTree(spec), 2), file);
  }

  private static String quoted(Mutations mutations) {
    return Matcher.quoteReplacement(mutations.text());
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Property(tries = 100)
  void anyQueriesAndHeaders(@ForAll Random random) {
    Draw draw = new Draw(random);
    Mutations mutations = new Mutations(random);
    String id = draw.of("job_none", server().trained());
    String path =
        draw.of(
            "/v1/jobs",
            "/v1/models",
            "/v1/datasets",
            "/v1/deployments",
            "/v1/jobs/" + id,
            "/v1/jobs/" + id + "/events",
            "/v1/jobs/" + id + "/metrics",
            "/v1/jobs/" + id + "/checkpoints",
            "/v1/jobs/" + id + "/logs",
            "/v1/datasets/" + id + "/histograms");
    List<String> query = new ArrayList<>();
    int parameters = draw.number(0, 3);
    for (int i = 0; i < parameters; i++) {
      String name =
          draw.of("limit", "after", "state", "name", "tag.team", "tag.", "tag.\u0000", "points");
      query.add(encoded(name) + "=" + encoded(mutations.text()));
    }
    List<String> headers = new ArrayList<>();
    for (String name : List.of("Last-Event-ID", "Accept", "X-Request-ID", "Traceparent")) {
      if (draw.chance(0.3)) {
        headers.addAll(List.of(name, header(mutations)));
      }
    }
    if (path.endsWith("/events") && draw.chance(0.5)) {
      headers.addAll(List.of("Accept", "text/event-stream"));
    }
    server().get(path + "?" + String.join("&", query), headers.toArray(String[]::new));
  }

  /** The client of Java sends no others. */
  private static String header(Mutations mutations) {
    return mutations.text().replaceAll("[^ -~]", "");
  }

  @Property(tries = 60)
  void anyPaths(@ForAll Random random) {
    Draw draw = new Draw(random);
    Mutations mutations = new Mutations(random);
    String id = encoded(mutations.text() + draw.of("", "x", ";a=b", "/", "\\", "//", "/.."));
    String path =
        draw.of(
            "/" + id,
            "/v1/" + id,
            "/v1/jobs/" + id,
            "/v1/models/" + id,
            "/v1/datasets/" + id,
            "/v1/deployments/" + id,
            "/v2/models/" + id,
            "/v2/models/" + id + "/ready",
            "/v1/jobs/" + id + "/events",
            "/v1/jobs/" + server().trained() + "/artifacts/" + id,
            "/v1/jobs/" + server().trained() + "/checkpoints/" + id);
    server().anything(draw.of("GET", "GET", "DELETE", "PUT", "PATCH"), path);
  }

  @Property(tries = 30)
  void anyIdempotencyKeys(@ForAll Random random) {
    Mutations mutations = new Mutations(random);
    String text = mutations.mutate(Json.MAPPER.readTree(Api.shortJob("keyed")), 1);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    server().hold();
    server().send("POST", "/v1/jobs", body, "Idempotency-Key", header(mutations));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A few of the jobs that the engine's own test trains by the hundred. */
  @Property(tries = 3)
  void validJobsEndWithAKnownReason(@ForAll Random random) {
    ObjectNode document = new RandomJobs(random).next();
    server().release();
    Api api = server().api();
    String id = api.submit(document);
    JsonNode job = api.ended(id);
    assertThat(job.get("state").stringValue()).isIn("succeeded", "failed");
    assertThat(job.get("reason").stringValue()).as(job.toString()).isIn(REASONS);
    for (JsonNode row : api.get("/v1/jobs/" + id + "/metrics").expect(200).json().get("data")) {
      assertThat(isNumber(row.get("train_loss"))).as(row.toString()).isTrue();
    }
    assertThat(api.get("/v1/jobs/" + id + "/script.py").expect(200).body()).contains("torch");
    if (job.get("state").stringValue().equals("succeeded")) {
      Api.Answer onnx = api.get("/v1/jobs/" + id + "/artifacts/model.onnx");
      if (onnx.status() != 200) {
        assertThat(onnx.expect(422).pointers()).allMatch(p -> p.startsWith("/model/layers/"));
      }
    }
    api.delete("/v1/jobs/" + id).expect(204);
  }

  private static boolean isNumber(JsonNode loss) {
    return loss.isNumber() || List.of("NaN", "Infinity", "-Infinity").contains(loss.asString());
  }
}
