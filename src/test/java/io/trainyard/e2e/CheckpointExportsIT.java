package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.trainyard.Torch;
import io.trainyard.shared.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The model as it was at a checkpoint, taken away. */
@ExtendWith(SharedServer.class)
class CheckpointExportsIT {
  private static final int EPOCHS = 300;

  /** Rows as they are in the file. */
  private static final float[][] ROWS = {{0.1f, 0, 0, 0, 1, 2, 7}, {4f, 0, 0, 1, 0, 49, 7}};

  private static ObjectNode document(String dataset, int epochs) {
    return Json.MAPPER
        .readTree(
            """
            {"dataset": "%s",
             "model": {"layers": [{"type": "Linear", "in_features": 7, "out_features": 12},
               {"type": "BatchNorm1d", "num_features": 12}, {"type": "Tanh"}, {"type": "Dropout", "p": 0.1},
               {"type": "Linear", "in_features": 12, "out_features": 2}]},
             "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "AdamW", "lr": 0.02},
             "validation": {"fraction": 0.3}, "batch_size": 8, "shuffle": true, "seed": 11}
            """
                .formatted(dataset))
        .asObject()
        .put("epochs", epochs);
  }

  /** A job with an optimizer's states and a best epoch in its checkpoints. */
  private static String train(Api api, String dataset) {
    api.upload(
            """
            {"name": "%s", "format": "csv", "target": "kind", "normalize": "standard",
             "features": ["height", "colour", "width", "constant"]}
            """
                .formatted(dataset),
            ExportsIT.csv())
        .expect(201);
    ObjectNode document = document(dataset, EPOCHS);
    document.putObject("checkpoint").put("every_epochs", 5).put("keep", 100);
    document.putObject("early_stopping").put("patience", EPOCHS).put("restore_best", true);
    String id = api.submit(document);
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    return id;
  }

  /** The first of the checkpoints, which came long before the end. */
  private static int oldest(Api api, String id) {
    JsonNode all = api.get("/v1/jobs/" + id + "/checkpoints").expect(200).json().get("data");
    int epoch = all.get(all.size() - 1).get("epoch").intValue();
    assertThat(epoch).isLessThan(EPOCHS);
    return epoch;
  }

  private static byte[] download(Api api, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(api.url() + path)).build();
    var answer = Api.HTTP.send(request, BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  private static float[][] outputs(byte[] onnx) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(onnx);
        OnnxTensor x = OnnxTensor.createTensor(environment, ROWS);
        OrtSession.Result result = session.run(Map.of("x", x))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  @Test
  void itIsWhatAJobOfSoManyEpochsGives(Api api) throws Exception {
    String id = train(api, "checkpoint-files");
    int epoch = oldest(api, id);
    String shorter = api.submit(document("checkpoint-files", epoch));
    assertThat(api.ended(shorter).get("state").stringValue()).isEqualTo("succeeded");
    String there = "/v1/jobs/" + id + "/checkpoints/" + epoch + "/artifacts";
    String here = "/v1/jobs/" + shorter + "/artifacts/";

    JsonNode listed = api.get(there).expect(200).json().get("data");
    assertThat(listed.valueStream().map(file -> file.get("name").stringValue()))
        .containsExactly(
            "manifest.json", "model.json", "model.onnx", "model.pt", "model.safetensors");
    assertThat(download(api, there + "/model.safetensors"))
        .isEqualTo(download(api, here + "model.safetensors"))
        .isNotEqualTo(download(api, "/v1/jobs/" + id + "/artifacts/model.safetensors"));
    assertThat(outputs(download(api, there + "/model.onnx")))
        .isEqualTo(outputs(download(api, here + "model.onnx")));
    assertThat(download(api, there + "/model.pt")).isEqualTo(download(api, here + "model.pt"));
    assertThat(api.get(there + "/model.json").expect(200).json())
        .isEqualTo(Json.MAPPER.readTree(download(api, here + "model.json")));

    JsonNode manifest = api.get(there + "/manifest.json").expect(200).json();
    assertThat(manifest.get("checkpoint").intValue()).isEqualTo(epoch);
    assertThat(manifest.get("epochs").intValue()).isEqualTo(epoch);
    assertThat(manifest.at("/last/train_loss")).isEqualTo(api.job(shorter).get("train_loss"));
    api.get(there + "/script.py").expect(404);
    api.get("/v1/jobs/" + id + "/checkpoints/x/artifacts").expect(404);
    api.get("/v1/jobs/" + id + "/checkpoints/x/artifacts/model.onnx").expect(404);
    api.get("/v1/jobs/" + id + "/checkpoints/1/artifacts/model.onnx").expect(404);
  }

  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void torchLoadsIt(Api api, @TempDir Path scratch) throws Exception {
    String id = train(api, "checkpoint-torch");
    String there = "/v1/jobs/" + id + "/checkpoints/" + oldest(api, id) + "/artifacts/";
    Path directory = Files.createDirectories(scratch.resolve("models").resolve("checkpoint"));
    for (String name : List.of("model.safetensors", "model.pt")) {
      Files.write(directory.resolve(name), download(api, there + name));
    }
    Files.write(directory.resolve("script.py"), download(api, "/v1/jobs/" + id + "/script.py"));
    JsonNode scaling = Json.MAPPER.readTree(download(api, there + "model.json")).get("scaling");
    ObjectNode rows = Json.object();
    rows.set("x", Json.tree(ROWS));
    rows.putArray("x_shape").add(ROWS.length).add(ROWS[0].length);
    rows.set("y", Json.tree(outputs(download(api, there + "model.onnx"))));
    rows.putArray("y_shape").add(ROWS.length).add(2);
    rows.set("offset", scaling.get("offset"));
    rows.set("scale", scaling.get("scale"));
    Files.writeString(directory.resolve("rows.json"), Json.write(rows));

    JsonNode result =
        Json.MAPPER
            .readTree(Torch.resource("load_models.py", scratch, scratch.resolve("models")))
            .get("checkpoint");
    assertThat(result.path("error").asString("")).isEmpty();
    assertThat(result.get("state_dict").doubleValue()).isLessThan(1e-5);
    assertThat(result.get("torchscript").doubleValue()).isLessThan(1e-5);
    System.out.println("a checkpoint in torch, from ONNX Runtime's outputs: " + result);
  }

  @Test
  void aLayerThatOnnxCannotSayIsNamed(Api api) {
    ObjectNode document =
        Json.MAPPER
            .readTree(
                Api.shortJob("square-checkpoint")
                    .replace(
                        "\"out_features\": 1}",
                        "\"out_features\": 1}, {\"type\": \"Custom\","
                            + "\"forward\": \"x.mm(x.t()).reshape(x.size(0), x.size(0)).mm(x)\"}"))
            .asObject();
    document.putObject("checkpoint").put("every_epochs", 1);
    String id = api.submit(document);
    api.ended(id);
    JsonNode all = api.get("/v1/jobs/" + id + "/checkpoints").expect(200).json().get("data");
    String there = "/v1/jobs/" + id + "/checkpoints/" + all.at("/0/epoch") + "/artifacts/";

    assertThat(api.get(there + "model.onnx").expect(422).pointers())
        .containsExactly("/model/layers/1/forward");
    api.get(there + "model.pt").expect(200);
  }
}
