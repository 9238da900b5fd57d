package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.shared.Json;
import io.trainyard.training.djl.TorchSplit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a job has learned, asked of it. */
@ExtendWith(SharedServer.class)
class PredictIT {

  private static Api.Answer ask(Api api, String job, Object instances) {
    ObjectNode request = Json.object();
    request.set("instances", Json.tree(instances));
    return api.post("/v1/jobs/" + job + "/predict", request);
  }

  private static String named(String document, String name) {
    return document.replaceFirst("\"name\": \"[^\"]*\"", "\"name\": \"" + name + "\"");
  }

  private static String trained(Api api, String document) {
    String id = api.submit(document);
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    return id;
  }

  private static double accuracy(Api api, String job) {
    int epoch = api.job(job).get("epoch").intValue();
    JsonNode rows =
        api.get("/v1/jobs/" + job + "/metrics?after=" + (epoch - 1)).expect(200).json().get("data");
    return rows.get(0).at("/metrics/accuracy").doubleValue();
  }

  private static double accuracy(JsonNode answer, List<JsonNode> expected) {
    int hits = 0;
    for (int i = 0; i < expected.size(); i++) {
      if (answer.get("predictions").get(i).equals(expected.get(i))) {
        hits++;
      }
    }
    return (double) hits / expected.size();
  }

  @Test
  void irisByNamesIsAsAccurateAsReported(Api api) {
    api.upload(named(Api.example("iris-dataset.json"), "predict-iris"), Api.exampleFile("iris.csv"))
        .expect(201);
    ObjectNode document = Json.MAPPER.readTree(Api.example("iris-job.json")).asObject();
    document.put("name", "predict-iris").put("dataset", "predict-iris").put("epochs", 15);
    document.set("model", Json.MAPPER.readTree(Api.example("iris-model.json")));
    document.get("model").asObject().remove("name");
    document.remove("validation");
    String job = trained(api, document.toString());
    List<String> lines =
        new String(Api.exampleFile("iris.csv"), StandardCharsets.UTF_8).lines().toList();
    String[] header = lines.get(0).split(",");
    ArrayNode instances = Json.MAPPER.createArrayNode();
    List<JsonNode> species = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      ObjectNode row = instances.addObject();
      for (int i = 0; i < cells.length - 1; i++) {
        row.put(header[i], Double.parseDouble(cells[i]));
      }
      species.add(Json.tree(cells[cells.length - 1]));
    }

    JsonNode answer = ask(api, job, instances).expect(200).json();

    assertThat(accuracy(answer, species)).isCloseTo(accuracy(api, job), within(1e-6));
    assertThat(answer.get("classes").toString())
        .isEqualTo("[\"setosa\",\"versicolor\",\"virginica\"]");
    assertThat(answer.get("epoch").intValue()).isEqualTo(15);
    for (JsonNode row : answer.get("probabilities")) {
      double sum = row.valueStream().mapToDouble(JsonNode::doubleValue).sum();
      assertThat(sum).isCloseTo(1, within(1e-6));
    }
    api.delete("/v1/datasets/predict-iris").expect(204);
    assertThat(ask(api, job, instances).expect(200).json())
        .as("the dataset is not needed any more")
        .isEqualTo(answer);
  }

  @Test
  void digitsByArraysAreAsAccurateAsTheirValidation(Api api) throws IOException {
    byte[] file = Api.exampleFile("digits.csv.gz");
    api.upload(named(Api.example("digits-dataset.json"), "predict-digits"), file).expect(201);
    ObjectNode document = Json.MAPPER.readTree(Api.example("digits-job.json")).asObject();
    document.put("name", "predict-digits").put("dataset", "predict-digits").put("epochs", 6);
    String job = trained(api, document.toString());
    List<String> lines = unpacked(file).lines().skip(1).toList();
    long[] validated = TorchSplit.validation(7, lines.size(), 0.2);
    List<List<Double>> instances = new ArrayList<>();
    List<JsonNode> digits = new ArrayList<>();
    for (long row : validated) {
      String[] cells = lines.get((int) row).split(",");
      List<Double> pixels = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        pixels.add(Double.valueOf(cells[i]));
      }
      instances.add(pixels);
      digits.add(Json.MAPPER.readTree(cells[64]));
    }

    JsonNode answer = ask(api, job, instances).expect(200).json();

    assertThat(accuracy(answer, digits))
        .isCloseTo(accuracy(api, job), within(1e-6))
        .isGreaterThan(0.9);
  }

  private static String unpacked(byte[] file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String job(String name, int epochs, String more) {
    return """
        {"name": "%s", "model": {"layers": [{"type": "Linear", "in_features": 3, "out_features": 8},
          {"type": "BatchNorm1d", "num_features": 8}, {"type": "Dropout", "p": 0.5}, {"type": "Tanh"},
          {"type": "Linear", "in_features": 8, "out_features": 2}]},
         "dataset": {"type": "synthetic", "seed": 1, "samples": 2000, "input_shape": [3], "classes": 2},
         "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam"}, "batch_size": 8,
         "shuffle": true, "epochs": %d, "seed": 3 %s}
        """
        .formatted(name, epochs, more);
  }

  @Test
  void everyStateOfATrainingCanBeAsked(Api api) {
    String checkpoints = ", \"checkpoint\": {\"every_epochs\": 2, \"keep\": 9}";
    String job = trained(api, job("states", 8, checkpoints));
    List<List<Double>> rows = List.of(List.of(1.0, 2.0, 3.0), List.of(-1.0, 0.5, 0.0));
    JsonNode result = ask(api, job, rows).expect(200).json();
    assertThat(result.get("epoch").intValue()).isEqualTo(8);
    // One that waits to be stored gives way to a newer one, so it is not known which there are.
    List<Integer> kept =
        api.get("/v1/jobs/" + job + "/checkpoints")
            .expect(200)
            .json()
            .get("data")
            .valueStream()
            .map(checkpoint -> checkpoint.get("epoch").intValue())
            .filter(epoch -> epoch < 8)
            .toList();
    assertThat(kept).isNotEmpty();
    for (int epoch : kept) {
      String shorter = trained(api, job("shorter", epoch, ""));
      JsonNode at = chosen(api, job, rows, epoch).expect(200).json();
      assertThat(at).isEqualTo(ask(api, shorter, rows).expect(200).json());
      assertThat(at.get("probabilities")).isNotEqualTo(result.get("probabilities"));
    }
    assertThat(chosen(api, job, rows, 8).expect(200).json()).isEqualTo(result);
    assertThat(chosen(api, job, rows, "last").expect(200).json()).isEqualTo(result);
    int best = chosen(api, job, rows, "best").expect(200).json().get("epoch").intValue();
    assertThat(best).isIn(2, 4, 6, 8);
    assertThat(chosen(api, job, rows, 3).expect(422).json().at("/errors/0/detail").stringValue())
        .contains("one of 8, ");
    assertThat(chosen(api, job, rows, "first").expect(422).pointers())
        .containsExactly("/checkpoint");
    assertThat(chosen(api, job, rows, -1).expect(422).pointers()).containsExactly("/checkpoint");
  }

  private static Api.Answer chosen(Api api, String job, Object rows, Object checkpoint) {
    ObjectNode request = Json.object();
    request.set("instances", Json.tree(rows));
    request.set("checkpoint", Json.tree(checkpoint));
    return api.post("/v1/jobs/" + job + "/predict", request);
  }

  @Test
  void aJobThatTrainsAnswersWithItsCheckpoint(Api api) {
    String job = api.submit(Api.longJob("predict-while-training"));
    List<List<Double>> row = List.of(new ArrayList<>(Collections.nCopies(20, 0.5)));
    ask(api, job, row).expect(409);
    api.awaitJob(job, j -> j.get("epoch").intValue() > 0);
    api.post("/v1/jobs/" + job + "/checkpoints").expect(202);
    Awaitility.await("a checkpoint")
        .until(() -> !api.get("/v1/jobs/" + job + "/checkpoints").json().get("data").isEmpty());

    JsonNode answer = ask(api, job, row).expect(200).json();

    assertThat(api.job(job).get("terminal").booleanValue()).isFalse();
    assertThat(answer.get("epoch").intValue()).isPositive();
    assertThat(answer.get("predictions").get(0).isIntegralNumber()).isTrue();
    api.post("/v1/jobs/" + job + "/cancel").expect(202);
    api.ended(job);
    assertThat(ask(api, job, row).expect(200).json()).isEqualTo(answer);
  }

  @Test
  void whatIsWrongWithARequestHasItsPlace(Api api) {
    String id = trained(api, job("refusals", 1, ""));
    String path = "/v1/jobs/" + id + "/predict";
    assertThat(
            api.post(path, "{\"instances\": [[1, 2, 3], [1, 2], [1, 2, \"x\"]]}")
                .expect(422)
                .pointers())
        .containsExactly("/instances/1", "/instances/2/2");
    assertThat(api.post(path, "{\"instances\": []}").expect(422).pointers())
        .containsExactly("/instances");
    assertThat(api.post(path, "{\"rows\": []}").expect(422).pointers())
        .containsExactly("/rows", "/instances");
    String many = "[1,2,3],".repeat(10_001);
    assertThat(
            api.post(path, "{\"instances\": [" + many.substring(0, many.length() - 1) + "]}")
                .expect(422)
                .json()
                .at("/errors/0/detail")
                .stringValue())
        .contains("10001")
        .contains("10000");
    api.post(path, "{").expect(400);
    api.post("/v1/jobs/job_nothing/predict", "{\"instances\": [[1]]}").expect(404);
    api.send("POST", path, BodyPublishers.ofString("1"), "Content-Type", "text/plain").expect(415);
    api.post(path, "[" + "0,".repeat(6 << 20) + "0]").expect(413);
  }
}
