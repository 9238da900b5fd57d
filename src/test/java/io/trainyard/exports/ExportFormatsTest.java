package io.trainyard.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.trainyard.Torch;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Models of every layer in every format, read by others: the same outputs as the service's. */
class ExportFormatsTest {
  private static final double TOLERANCE = 1e-5;
  private static final Map<String, Map<String, Double>> DEVIATIONS = new TreeMap<>();

  static Stream<Trained> models() throws Exception {
    return TrainedModels.all().stream();
  }

  @Test
  void everyLayerIsThere() throws Exception {
    Set<String> types = new HashSet<>();
    models().forEach(m -> m.card().model().get("layers").forEach(l -> types.add(type(l))));
    assertThat(types).containsAll(Layers.VOCABULARY.types());
  }

  private static String type(JsonNode layer) {
    return layer.get("type").stringValue();
  }

  @ParameterizedTest
  @MethodSource("models")
  void onnxRuntimeGivesTheSame(Trained model) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.onnx())) {
      assertThat(session.getInputNames()).containsExactly("x");
      assertThat(session.getOutputNames()).containsExactly("y");
      float[] outputs = run(environment, session, model, model.x(), model.rows());
      recorded("ONNX Runtime", model, model.deviation(outputs));
    }
  }

  /** The batch is free: a row alone gives what it gives among others, unless layers mix rows. */
  @ParameterizedTest
  @MethodSource("models")
  void onnxTakesAnyNumberOfRows(Trained model) throws Exception {
    String layers = model.card().model().toString();
    boolean mixes =
        layers.contains("\"dim\":0")
            || layers.contains("\"track_running_stats\":false")
            || layers.contains("(0)")
            || layers.contains("numel");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.onnx())) {
      int width = model.x().length / model.rows();
      float[] single = Arrays.copyOf(model.x(), mixes ? 2 * width : width);
      float[] outputs = run(environment, session, model, single, mixes ? 2 : 1);
      assertThat(outputs).hasSize(model.y().length / model.rows() * (mixes ? 2 : 1));
      for (int i = 0; !mixes && i < outputs.length; i++) {
        assertThat(Math.abs(outputs[i] - model.y()[i]))
            .isLessThanOrEqualTo((float) TOLERANCE * Math.max(1, Math.abs(model.y()[i])));
      }
    }
  }

  private static float[] run(
      OrtEnvironment environment, OrtSession session, Trained model, float[] x, int rows)
      throws Exception {
    long[] shape = shape(rows, model.card().inputShape().dimensions());
    try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
        OrtSession.Result result = session.run(Map.of("x", input))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      assertThat(output.getInfo().getShape()).isEqualTo(shape(rows, model.outputShape()));
      float[] outputs = new float[output.getFloatBuffer().remaining()];
      output.getFloatBuffer().get(outputs);
      return outputs;
    }
  }

  private static long[] shape(int rows, List<Integer> sizes) {
    return LongStream.concat(LongStream.of(rows), sizes.stream().mapToLong(s -> s)).toArray();
  }

  @ParameterizedTest
  @MethodSource("models")
  void djlLoadsTheTorchScriptArchive(Trained trained, @TempDir Path directory) throws Exception {
    try (OutputStream out = Files.newOutputStream(directory.resolve("model.pt"))) {
      new TorchScript(trained.card(), trained.file()).write(out);
    }
    try (Model model = Model.newInstance("model", Device.cpu(), "PyTorch")) {
      model.load(directory, "model");
      try (NDManager manager = model.getNDManager().newSubManager();
          var predictor = model.newPredictor(new NoopTranslator(null))) {
        Shape shape = new Shape(shape(trained.rows(), trained.card().inputShape().dimensions()));
        NDList outputs = predictor.predict(new NDList(manager.create(trained.x(), shape)));
        float[] numbers = outputs.singletonOrThrow().toFloatArray();
        recorded("DJL, model.pt", trained, trained.deviation(numbers));
      }
    }
  }

  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void torchLoadsParametersAndArchives(@TempDir Path scratch) throws Exception {
    List<Trained> models = TrainedModels.all();
    for (Trained model : models) {
      model.write(scratch.resolve("models").resolve(model.name()));
    }
    JsonNode results =
        Json.MAPPER.readTree(Torch.resource("load_models.py", scratch, scratch.resolve("models")));
    for (Trained model : models) {
      JsonNode result = results.path(model.name());
      assertThat(result.path("error").asString("")).as(model.name()).isEmpty();
      recorded("torch, load_state_dict", model, result.get("state_dict").doubleValue());
      recorded("torch, model.pt", model, result.get("torchscript").doubleValue());
      assertThat(result.get("same_names").booleanValue()).as(model.name()).isTrue();
      assertThat(result.get("renamed").size())
          .as(model.name())
          .isEqualTo(model.name().contains("training") ? 2 : 0);
      assertThat(result.get("learned").booleanValue()).as(model.name()).isTrue();
    }
  }

  @Test
  void whatOnnxCannotSayIsRefusedWithTheLayer() throws Exception {
    Trained model =
        Trained.of(
            "two sizes",
            """
            {"type": "Linear", "in_features": 4, "out_features": 3},
            {"type": "Custom", "forward": "x.mm(x.t()).reshape(x.size(0), x.size(0)).mm(x)"}
            """,
            List.of(4),
            null);
    assertThatThrownBy(model::onnx)
        .isInstanceOfSatisfying(
            Problem.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Problem.Kind.INVALID);
              assertThat(e.places().get(0).pointer()).isEqualTo("/model/layers/1/forward");
              assertThat(e.places().get(0).detail()).contains("column").contains("ONNX");
            });
  }

  private static void recorded(String reader, Trained model, double deviation) {
    DEVIATIONS.computeIfAbsent(reader, r -> new TreeMap<>()).put(model.name(), deviation);
    assertThat(deviation).as(reader + ": " + model).isLessThanOrEqualTo(TOLERANCE);
  }

  @AfterAll
  static void report() {
    DEVIATIONS.forEach(
        (reader, models) -> {
          Map.Entry<String, Double> worst =
              models.entrySet().stream()
                  .max(Comparator.comparing(Map.Entry::getValue))
                  .orElseThrow();
          System.out.printf(
              "exports: %s: %d models, worst %.1e (%s)%n",
              reader, models.size(), worst.getValue(), worst.getKey());
        });
  }
}
