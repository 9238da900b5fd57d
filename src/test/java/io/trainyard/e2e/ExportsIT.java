package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.trainyard.Torch;
import io.trainyard.shared.Digests;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a job can be taken away as. */
@ExtendWith(SharedServer.class)
class ExportsIT {
  private static final Pattern LINE =
      Pattern.compile("Epoch \\d+/\\d+  loss (\\S+)  val (\\S+)  accuracy (\\S+)");

  /** Rows whose class follows from two numbers and a colour, with an odd line or two. */
  static byte[] csv() {
    StringBuilder text = new StringBuilder("\ufeffwidth, colour ,height,constant,kind\n\n");
    String[] colours = {"red", "", "dark \"blue\"", "gr\u00fcn"};
    for (int i = 0; i < 90; i++) {
      int width = i * 37 % 50;
      double height = (i * 53 % 41) / 10.0;
      String colour = colours[i * 7 % 4];
      String kind = width + 10 * height + 20 * (i * 7 % 4) > 75 ? "large" : "small";
      String cell = colour.contains("\"") ? "\"dark \"\"blue\"\"\"" : colour;
      text.append(width + ", " + cell + " ," + height + "e0,7," + kind + "\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String train(Api api, String dataset, String name) {
    api.upload(
            """
            {"name": "%s", "format": "csv", "target": "kind", "normalize": "standard",
             "features": ["height", "colour", "width", "constant"]}
            """
                .formatted(dataset),
            csv())
        .expect(201);
    String id =
        api.submit(
            """
            {"name": "%s", "dataset": "%s",
             "model": {"layers": [{"type": "Linear", "in_features": 7, "out_features": 12}, {"type": "Tanh"},
               {"type": "Dropout", "p": 0.1}, {"type": "Linear", "in_features": 12, "out_features": 2}]},
             "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "AdamW", "lr": 0.02},
             "scheduler": {"type": "CosineAnnealingLR", "T_max": 10}, "gradient_clipping": {"max_norm": 1.0},
             "early_stopping": {"patience": 4, "restore_best": true}, "metrics": ["accuracy"],
             "validation": {"fraction": 0.3}, "epochs": 25, "batch_size": 8, "shuffle": true, "seed": 11}
            """
                .formatted(name, dataset));
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    return id;
  }

  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void theScriptOfACsvJobPrintsItsLosses(Api api, @TempDir Path scratch) throws Exception {
    String id = train(api, "script-data", "script-job");
    Api.Answer answer = api.get("/v1/jobs/" + id + "/script.py").expect(200);
    assertThat(answer.header("Content-Type")).startsWith("text/x-python");
    assertThat(api.get("/v1/jobs/" + id + "/artifacts/script.py").expect(200).body())
        .isEqualTo(answer.body());
    printsTheLosses(api, id, Files.write(scratch.resolve("data.csv"), csv()));
  }

  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void theScriptReadsACompressedFileOfImages(Api api, @TempDir Path scratch) throws Exception {
    byte[] file = Api.exampleFile("digits.csv.gz");
    String spec =
        Api.example("digits-dataset.json")
            .replaceFirst("\\{", "{\"input_shape\": [1, 8, 8], ")
            .replaceFirst("\"name\": \"[^\"]*\"", "\"name\": \"script-images\"")
            .replaceFirst("\"normalize\": \"[^\"]*\"", "\"normalize\": \"minmax\"");
    api.upload(spec, file).expect(201);
    String id =
        api.submit(
            """
            {"name": "script-images", "dataset": "script-images", "epochs": 2, "batch_size": 64, "seed": 2,
             "model": {"layers": [{"type": "Conv2d", "in_channels": 1, "out_channels": 8, "kernel_size": 3},
               {"type": "ReLU"}, {"type": "Flatten"}, {"type": "Linear", "in_features": 288, "out_features": 10}]},
             "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam"}, "metrics": ["accuracy"],
             "validation": {"fraction": 0.2}}
            """);
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");

    printsTheLosses(api, id, Files.write(scratch.resolve("digits.csv.gz"), file));
  }

  static void printsTheLosses(Api api, String id, Path... data) throws Exception {
    String text = api.get("/v1/jobs/" + id + "/script.py").expect(200).body();
    String printed =
        Torch.run(Files.writeString(data[0].resolveSibling("script.py"), text), (Object[]) data);

    JsonNode rows = api.get("/v1/jobs/" + id + "/metrics?limit=100").expect(200).json().get("data");
    List<String> lines = printed.lines().toList();
    assertThat(lines).as(printed).hasSize(rows.size());
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = LINE.matcher(lines.get(i));
      assertThat(matcher.matches()).as(lines.get(i)).isTrue();
      close(matcher.group(1), rows.get(i).get("train_loss"));
      close(matcher.group(2), rows.get(i).get("validation_loss"));
      close(matcher.group(3), rows.get(i).get("metrics").get("accuracy"));
    }
    System.out.println("script.py: " + lines.get(0) + "; here " + rows.get(0).get("train_loss"));
  }

  private static void close(String printed, JsonNode here) {
    double value = here.doubleValue();
    assertThat(Double.parseDouble(printed)).isCloseTo(value, within(1e-5 * Math.abs(value)));
  }

  @Test
  void theModelRunsInOnnxRuntimeOnRowsAsTheyAreInTheFile(Api api) throws Exception {
    String id = train(api, "onnx-data", "onnx-job");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(download(api, id, "model.onnx"));
        OnnxTensor x =
            OnnxTensor.createTensor(
                environment, new float[][] {{0.1f, 0, 0, 0, 1, 2, 7}, {4f, 0, 0, 1, 0, 49, 7}});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      float[][] y = (float[][]) result.get(0).getValue();
      assertThat(y[0][1]).as("small").isGreaterThan(y[0][0]);
      assertThat(y[1][0]).as("large").isGreaterThan(y[1][1]);
      assertThat(session.getMetadata().getCustomMetadata()).containsEntry("trainyard.job", id);
    }
    assertThat(download(api, id, "model.pt")).startsWith('P', 'K');
  }

  private static byte[] download(Api api, String id, String name) throws Exception {
    URI place = URI.create(api.url() + "/v1/jobs/" + id + "/artifacts/" + name);
    var answer = Api.HTTP.send(HttpRequest.newBuilder(place).build(), BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"" + name + "\"");
    return answer.body();
  }

  @Test
  void theManifestSaysWhatTheResultIsMadeOf(Api api) {
    String id = train(api, "manifest-data", "manifest-job");
    JsonNode manifest = api.get("/v1/jobs/" + id + "/artifacts/manifest.json").expect(200).json();

    assertThat(manifest.at("/job").stringValue()).isEqualTo(id);
    assertThat(manifest.at("/seed").longValue()).isEqualTo(11);
    assertThat(manifest.at("/document/model/layers")).hasSize(4);
    assertThat(manifest.at("/dataset/sha256").stringValue()).isEqualTo(Digests.sha256(csv()));
    assertThat(manifest.at("/dataset/rows").intValue()).isEqualTo(90);
    assertThat(manifest.at("/versions/libtorch").stringValue()).startsWith("2.7.1");
    assertThat(manifest.at("/versions/trainyard").stringValue()).isNotEmpty();
    assertThat(manifest.at("/device").stringValue()).isEqualTo("cpu");
    JsonNode job = api.job(id);
    assertThat(manifest.at("/last/epoch")).isEqualTo(job.get("epoch"));
    assertThat(manifest.at("/last/train_loss")).isEqualTo(job.get("train_loss"));
    assertThat(manifest.at("/best/epoch")).isEqualTo(job.get("best_epoch"));
    assertThat(manifest.at("/artifacts/1/name").stringValue()).isEqualTo("model.safetensors");
  }

  @Test
  void generatedFilesAreToldFromStoredOnes(Api api) {
    String id = api.submit(Api.shortJob("exported"));
    api.ended(id);
    List<String> generated = new ArrayList<>();
    for (JsonNode file : api.get("/v1/jobs/" + id + "/artifacts").expect(200).json().get("data")) {
      if (file.get("generated").booleanValue()) {
        generated.add(file.get("name").stringValue());
        assertThat(file.get("bytes").isNull()).isTrue();
      }
    }
    assertThat(generated).containsExactly("manifest.json", "model.onnx", "model.pt", "script.py");
    for (String name : generated) {
      assertThat(api.get("/v1/jobs/" + id + "/artifacts/" + name).expect(200).body()).isNotEmpty();
    }
  }

  @Test
  void aJobWithoutAModelHasAScriptAndNoModel(Api api) {
    String before = api.submit(Api.longJob("before"));
    api.awaitJob(before, job -> job.get("state").stringValue().equals("running"));
    String id = api.submit(Api.longJob("not-yet"));
    assertThat(api.get("/v1/jobs/" + id + "/script.py").expect(200).body()).contains("nn.Linear");
    assertThat(
            api.get("/v1/jobs/" + id + "/artifacts/manifest.json")
                .expect(200)
                .json()
                .get("best")
                .isNull())
        .isTrue();
    api.get("/v1/jobs/" + id + "/artifacts/model.onnx").expect(404);
    api.get("/v1/jobs/" + id + "/artifacts/model.pt").expect(404);
    for (String job : List.of(id, before)) {
      api.post("/v1/jobs/" + job + "/cancel").expect(202);
      api.ended(job);
    }
  }

  @Test
  void aLayerThatOnnxCannotSayIsNamed(Api api) {
    String id =
        api.submit(
            Api.shortJob("square")
                .replace(
                    "\"out_features\": 1}",
                    "\"out_features\": 1}, {\"type\": \"Custom\","
                        + "\"forward\": \"x.mm(x.t()).reshape(x.size(0), x.size(0)).mm(x)\"}"));
    api.ended(id);

    assertThat(api.get("/v1/jobs/" + id + "/artifacts/model.onnx").expect(422).pointers())
        .containsExactly("/model/layers/1/forward");
  }

  @Test
  void theScriptNeedsTheDatasetsColumns(Api api) {
    String id = train(api, "deleted-data", "deleted-job");
    api.delete("/v1/datasets/deleted-data").expect(204);

    api.get("/v1/jobs/" + id + "/script.py").expect(409);
    api.get("/v1/jobs/" + id + "/artifacts/script.py").expect(409);
    JsonNode manifest = api.get("/v1/jobs/" + id + "/artifacts/manifest.json").expect(200).json();
    assertThat(manifest.at("/dataset/id").stringValue()).startsWith("ds_");
    assertThat(manifest.at("/dataset/sha256").isNull()).isTrue();
  }
}
