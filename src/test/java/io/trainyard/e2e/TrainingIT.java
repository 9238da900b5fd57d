package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.shared.Digests;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Real data in, a trained model out. */
@ExtendWith(SharedServer.class)
class TrainingIT {

  @Test
  void irisTrainsToAGoodValidationAccuracy(Api api) {
    api.upload(Api.example("iris-dataset.json"), Api.exampleFile("iris.csv")).expect(201);
    api.post("/v1/models", Api.example("iris-model.json")).expect(201);

    JsonNode job = api.ended(api.submit(Api.example("iris-job.json")));

    assertThat(job.get("state").stringValue()).isEqualTo("succeeded");
    assertThat(job.get("reason").stringValue()).isEqualTo("completed");
    assertThat(job.get("epoch").intValue()).isEqualTo(job.get("epochs").intValue());
    assertThat(job.get("progress").doubleValue()).isEqualTo(1);
    assertThat(lastAccuracy(api, job)).isGreaterThanOrEqualTo(0.93);
    assertThat(artifactNames(api, job)).contains("model.safetensors");
    assertThat(api.get("/v1/jobs/" + id(job) + "/logs").expect(200).body()).contains(id(job));
  }

  @Test
  void digitsTrainToNinetyFivePercent(Api api) {
    String dataset =
        api.upload(Api.example("digits-dataset.json"), Api.exampleFile("digits.csv.gz"))
            .expect(201)
            .header("Location");
    assertThat(api.get(dataset).expect(200).json().get("rows").intValue()).isEqualTo(1797);

    JsonNode job = api.ended(api.submit(Api.example("digits-job.json")));

    assertThat(job.get("state").stringValue()).isEqualTo("succeeded");
    assertThat(lastAccuracy(api, job)).isGreaterThanOrEqualTo(0.95);
    JsonNode card = api.get("/v1/jobs/" + id(job) + "/artifacts/model.json").expect(200).json();
    assertThat(card.at("/scaling/scale")).hasSize(64);
    assertThat(card.at("/target/labels")).hasSize(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-sequential-adam-mse", "seed-sequential-sgd-l1"})
  void theTextsProgramsGiveTorchsLosses(String name, Api api) throws IOException {
    JsonNode job = api.ended(api.submit(referenceCase(name)));

    assertThat(job.get("state").stringValue()).isEqualTo("succeeded");
    assertLossesEqual(losses(api, id(job)), expected(name).get("train_loss"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seed-autograd",
        "seed-custom-backward",
        "seed-sequential-adam-sum",
        "custom-straight-through-sign",
        "custom-two-in-chain",
        "loss-custom-logcosh",
        "layer-batchnorm2d",
        "loss-ce-weight",
        "optimizer-rmsprop-centered-momentum",
        "scheduler-plateau",
        "clip-norm",
        "short-last-batch"
      })
  void referenceJobsGiveTorchsLosses(String name, Api api) throws IOException {
    JsonNode job = api.ended(api.submit(referenceCase(name)));

    assertThat(job.get("state").stringValue()).isEqualTo("succeeded");
    assertLossesEqual(losses(api, id(job)), expected(name).get("train_loss"));
  }

  @Test
  void summedSquaresGiveTorchsLosses(Api api) throws IOException {
    JsonNode job = api.ended(api.submit(referenceCase("loss-mse-sum")));

    assertLossesEqual(losses(api, id(job)), expected("loss-mse-sum").get("train_loss"));
  }

  @Test
  void aJobWithoutASeedShowsTheOneDrawnAndRepeatsWithIt(Api api) {
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(Api.shortJob("drawn"));
    document.remove("seed");
    JsonNode first = api.ended(api.submit(document));
    document.put("seed", first.get("seed").longValue());
    JsonNode second = api.ended(api.submit(document));

    assertThat(losses(api, id(second))).isEqualTo(losses(api, id(first)));
  }

  @Test
  void aBatchLargerThanTheRowsIsOneBatch(Api api) {
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(Api.shortJob("large-batch"));
    JsonNode whole = api.ended(api.submit(document));
    document.put("batch_size", 1000);
    JsonNode large = api.ended(api.submit(document));

    assertThat(losses(api, id(large))).isEqualTo(losses(api, id(whole)));
  }

  @Test
  void aDivergingJobFailsWithItsReason(Api api) {
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(Api.shortJob("diverging"));
    document.putObject("optimizer").put("type", "SGD").put("lr", 1e30);
    document.put("epochs", 50);

    JsonNode job = api.ended(api.submit(document));

    assertThat(job.get("state").stringValue()).isEqualTo("failed");
    assertThat(job.get("reason").stringValue()).isEqualTo("diverged");
    assertThat(job.get("error").get("detail").stringValue()).contains("epoch", "are kept");
    assertThat(artifactNames(api, job))
        .containsExactly(
            "manifest.json",
            "model.json",
            "model.onnx",
            "model.pt",
            "model.safetensors",
            "script.py");
    assertThat(job.get("attempt").intValue()).as("not retried").isEqualTo(1);
  }

  @Test
  void aJobEndsAtItsDeadline(Api api) {
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(Api.longJob("late"));
    document.put("max_runtime_seconds", 2);

    JsonNode job = api.ended(api.submit(document));

    assertThat(job.get("state").stringValue()).isEqualTo("failed");
    assertThat(job.get("reason").stringValue()).isEqualTo("deadline_exceeded");
  }

  @Test
  void theTrainedModelIsDownloadedAsSafetensors(Api api) throws Exception {
    JsonNode job = api.ended(api.submit(Api.shortJob("download")));
    JsonNode artifact = api.get("/v1/jobs/" + id(job) + "/artifacts").expect(200).json();
    assertThat(artifactNames(api, job))
        .containsExactly(
            "manifest.json",
            "model.json",
            "model.onnx",
            "model.pt",
            "model.safetensors",
            "script.py");

    byte[] bytes =
        Api.HTTP
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            api.url() + "/v1/jobs/" + id(job) + "/artifacts/model.safetensors"))
                    .build(),
                BodyHandlers.ofByteArray())
            .body();

    assertThat(Digests.sha256(bytes))
        .isEqualTo(artifact.get("data").get(4).get("sha256").stringValue());
    int header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    JsonNode tensors = Json.MAPPER.readTree(bytes, 8, header);
    assertThat(tensors.get("0.weight").get("shape").toString()).isEqualTo("[1,2]");
    assertThat(tensors.get("0.bias").get("dtype").stringValue()).isEqualTo("F32");
  }

  @Test
  void aModelIsValidatedLayerByLayer(Api api) {
    JsonNode summary =
        api.post("/v1/models/validate", Api.example("iris-model.json")).expect(200).json();

    assertThat(summary.get("input_shape").toString()).isEqualTo("[4]");
    assertThat(summary.get("output_shape").toString()).isEqualTo("[3]");
    assertThat(summary.get("parameters").intValue()).isEqualTo(131);
    assertThat(summary.get("bytes").intValue()).isEqualTo(524);
    assertThat(summary.get("layers").get(2).toString())
        .isEqualTo(
            "{\"index\":2,\"type\":\"Linear\",\"input_shape\":[16],\"output_shape\":[3],"
                + "\"parameters\":51,\"bytes\":204}");
  }

  private static void assertLossesEqual(List<Double> losses, JsonNode expected) {
    assertThat(losses).hasSize(expected.size());
    for (int i = 0; i < losses.size(); i++) {
      double torch = expected.get(i).doubleValue();
      assertThat(losses.get(i)).as("epoch " + (i + 1)).isCloseTo(torch, within(1e-5 * torch));
    }
  }

  private static List<Double> losses(Api api, String job) {
    List<Double> losses = new ArrayList<>();
    api.get("/v1/jobs/" + job + "/metrics?limit=1000")
        .expect(200)
        .json()
        .get("data")
        .forEach(row -> losses.add(row.get("train_loss").doubleValue()));
    return losses;
  }

  private static double lastAccuracy(Api api, JsonNode job) {
    int before = job.get("epoch").intValue() - 1;
    JsonNode page = api.get("/v1/jobs/" + id(job) + "/metrics?after=" + before).expect(200).json();
    return page.get("data").get(0).get("metrics").get("accuracy").doubleValue();
  }

  private static List<String> artifactNames(Api api, JsonNode job) {
    List<String> names = new ArrayList<>();
    api.get("/v1/jobs/" + id(job) + "/artifacts")
        .expect(200)
        .json()
        .get("data")
        .forEach(a -> names.add(a.get("name").stringValue()));
    return names;
  }

  private static String id(JsonNode job) {
    return job.get("id").stringValue();
  }

  private static JsonNode referenceCase(String name) throws IOException {
    return named(Json.MAPPER.readTree(resource("cases.json")), name);
  }

  private static JsonNode expected(String name) throws IOException {
    return named(Json.MAPPER.readTree(resource("expected.json")).get("cases"), name);
  }

  private static JsonNode named(JsonNode cases, String name) {
    for (JsonNode one : cases) {
      if (one.get("name").stringValue().equals(name)) {
        return one;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static String resource(String name) throws IOException {
    return Files.readString(Path.of("src/test/resources/reference", name));
  }
}
