package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.datasets.ArrayFixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Datasets of arrays, from the upload to what comes of a training on them. */
@ExtendWith(SharedServer.class)
class ArraysIT {
  private static final int PIXELS = 64;

  /** Of the examples' digits, 1797 images of 8×8 pixels. */
  private static byte[] pixels;

  private static byte[] digits;

  @BeforeAll
  static void read() throws IOException {
    byte[] file = Api.exampleFile("digits.csv.gz");
    String text =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes(),
            StandardCharsets.US_ASCII);
    List<String> rows = text.lines().skip(1).toList();
    pixels = new byte[rows.size() * PIXELS];
    digits = new byte[rows.size()];
    for (int i = 0; i < digits.length; i++) {
      String[] cells = rows.get(i).split(",");
      for (int j = 0; j < PIXELS; j++) {
        pixels[i * PIXELS + j] = Byte.parseByte(cells[j]);
      }
      digits[i] = Byte.parseByte(cells[PIXELS]);
    }
  }

  private static byte[] npz() {
    return ArrayFixture.npz(
        Map.of(
            "x", ArrayFixture.npy("|u1", "(1797, 8, 8)", pixels),
            "y", ArrayFixture.npy("|i1", "(1797,)", digits)));
  }

  private static byte[] images() {
    return ArrayFixture.idx(0x08, pixels, 1797, 8, 8);
  }

  private static byte[] labels() {
    return ArrayFixture.idx(0x09, digits, 1797);
  }

  private static Map<String, byte[]> idx() {
    return Map.of("file", images(), "labels", labels());
  }

  private static String train(Api api, String dataset) {
    String id =
        api.submit(
            """
            {"name": "%s", "dataset": "%s", "epochs": 3, "batch_size": 64, "shuffle": true, "seed": 2,
             "model": {"layers": [{"type": "Conv2d", "in_channels": 1, "out_channels": 8, "kernel_size": 3},
               {"type": "ReLU"}, {"type": "Flatten"}, {"type": "Linear", "in_features": 288, "out_features": 10}]},
             "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam"}, "metrics": ["accuracy"],
             "validation": {"fraction": 0.2}}
            """
                .formatted(dataset, dataset));
    assertThat(api.ended(id).get("state").stringValue()).isEqualTo("succeeded");
    return id;
  }

  private static String spec(String name, String format) {
    return """
        {"name": "%s", "format": "%s", "input_shape": [1, 8, 8], "normalize": "standard"}
        """
        .formatted(name, format);
  }

  private static List<String> losses(Api api, String id) {
    return api.get("/v1/jobs/" + id + "/metrics")
        .expect(200)
        .json()
        .get("data")
        .valueStream()
        .map(row -> row.get("train_loss") + " " + row.get("validation_loss"))
        .toList();
  }

  @Test
  void theSameRowsTrainAlikeWhateverFileTheyComeIn(Api api) {
    JsonNode dataset = api.upload(spec("arrays-npz", "npz"), npz()).expect(201).json();
    JsonNode two = api.upload(spec("arrays-idx", "idx"), idx()).expect(201).json();
    api.upload(
            spec("arrays-csv", "csv").replace("{", "{\"target\": \"digit\", "),
            Api.exampleFile("digits.csv.gz"))
        .expect(201);

    String id = train(api, "arrays-npz");

    assertThat(losses(api, id))
        .hasSize(3)
        .isEqualTo(losses(api, train(api, "arrays-csv")))
        .isEqualTo(losses(api, train(api, "arrays-idx")));
    assertThat(dataset.get("kind").stringValue()).isEqualTo("npz");
    assertThat(two.get("kind").stringValue()).isEqualTo("idx");
    assertThat(two.get("bytes").intValue()).isEqualTo(16 + pixels.length + 8 + digits.length);
    assertThat(two.get("arrays").toString())
        .isEqualTo(dataset.get("arrays").toString())
        .contains("\"dtype\":\"uint8\",\"shape\":[1797,8,8],\"min\":0.0,\"max\":16.0");
    assertThat(dataset.at("/target/count").intValue()).isEqualTo(10);
    String path = "/v1/datasets/" + dataset.get("id").stringValue();
    assertThat(api.get(path).expect(200).json()).isEqualTo(dataset);
    assertThat(api.get(path + "/histograms").expect(409).body()).contains("has no columns");
    String zeros = "[" + "0, ".repeat(PIXELS - 1) + "0]";
    JsonNode answer =
        api.post("/v1/jobs/" + id + "/predict", "{\"instances\": [" + zeros + "]}")
            .expect(200)
            .json();
    assertThat(answer.at("/probabilities/0")).hasSize(10);
  }

  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void theScriptPrintsTheLosses(Api api, @TempDir Path scratch) throws Exception {
    api.upload(spec("arrays-npz-script", "npz"), npz()).expect(201);
    api.upload(spec("arrays-idx-script", "idx"), idx()).expect(201);

    ExportsIT.printsTheLosses(
        api, train(api, "arrays-npz-script"), Files.write(scratch.resolve("digits.npz"), npz()));
    ExportsIT.printsTheLosses(
        api,
        train(api, "arrays-idx-script"),
        Files.write(scratch.resolve("digits.idx"), images()),
        Files.write(scratch.resolve("labels.idx"), labels()));
  }

  @Test
  void severalTargetsAreLearned(Api api) {
    float[] x = new float[200];
    float[] y = new float[400];
    for (int i = 0; i < x.length; i++) {
      x[i] = i / 100f;
      y[2 * i] = 2 * x[i];
      y[2 * i + 1] = 1 - x[i];
    }
    api.upload(
            "{\"name\": \"arrays-line\", \"format\": \"npz\"}",
            ArrayFixture.npz(
                Map.of(
                    "x", ArrayFixture.floats("(200,)", x),
                    "y", ArrayFixture.floats("(200, 2)", y))))
        .expect(201);

    JsonNode job =
        api.ended(
            api.submit(
                """
                {"name": "line", "dataset": "arrays-line", "epochs": 300, "batch_size": 50, "seed": 1,
                 "model": {"layers": [{"type": "Linear", "in_features": 1, "out_features": 2}]},
                 "loss": {"type": "MSELoss"}, "optimizer": {"type": "SGD", "lr": 0.1}}
                """));

    assertThat(job.get("state").stringValue()).isEqualTo("succeeded");
    assertThat(job.get("train_loss").doubleValue()).isLessThan(1e-6);
  }

  @Test
  void whatIsWrongWithAnUploadHasItsPlace(Api api) {
    byte[] csv = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
    Api.Answer answer = api.upload(spec("arrays-wrong", "npz"), csv);
    assertThat(answer.expect(422).pointers()).containsExactly("/file");
    assertThat(answer.body()).contains("is no NPZ file");
    Api.Answer labels = api.upload(spec("arrays-wrong", "idx"), images());
    assertThat(labels.expect(400).body()).contains("there is no part 'labels'");
    Api.Answer format = api.upload(spec("arrays-wrong", "hdf5"), csv);
    assertThat(format.expect(422).body()).contains("/format", "expected one of csv, npz, idx");
    api.get("/v1/datasets/arrays-wrong").expect(404);
  }

  @Test
  void aKeyStandsForBothFiles(Api api) {
    String spec = spec("arrays-key", "idx");
    byte[] others = labels();
    others[8] ^= 1;

    JsonNode made = api.upload(spec, idx(), "Idempotency-Key", "arrays").expect(201).json();

    assertThat(api.upload(spec, idx(), "Idempotency-Key", "arrays").expect(201).json())
        .isEqualTo(made);
    api.upload(spec, Map.of("file", images(), "labels", others), "Idempotency-Key", "arrays")
        .expect(422);
  }
}
