package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The first values that documents ask for beside torch's: src/test/resources/init. */
class InitTest {
  /** Of operators that libraries of linear algebra and special functions round differently. */
  private static final float ROUNDING = 1e-6f;

  static Stream<Arguments> cases() throws IOException {
    JsonNode cases = resource("cases.json");
    JsonNode expected = resource("expected.json").get("cases");
    List<Arguments> list = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      list.add(Arguments.of(cases.get(i), expected.get(i)));
    }
    return list.stream();
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = InitTest.class.getResourceAsStream("/init/" + name)) {
      return Json.read(in.readAllBytes());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTorchsNumbers(JsonNode model, JsonNode expected) {
    String layers = model.get("layers").toString();
    boolean rounded = layers.contains("orthogonal") || layers.contains("trunc_normal");
    try (PtNDManager manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu())) {
      JniUtils.setSeed(model.get("seed").longValue());
      Map<String, NDArray> arrays =
          Weights.create(manager, Plans.model(model.get("layers"))).byName();

      for (Map.Entry<String, JsonNode> parameter : expected.properties()) {
        float[] values = Objects.requireNonNull(arrays.get(parameter.getKey())).toFloatArray();
        float[] torch = new float[parameter.getValue().size()];
        for (int i = 0; i < torch.length; i++) {
          torch[i] = (float) parameter.getValue().get(i).doubleValue();
        }
        if (rounded) {
          assertThat(values)
              .as(parameter.getKey())
              .hasSameSizeAs(torch)
              .satisfies(v -> close(v, torch));
        } else {
          assertThat(values).as(parameter.getKey()).isEqualTo(torch);
        }
      }
    }
  }

  /**
   * Plans' model with {@code kaiming_normal_(mode="fan_out", nonlinearity="relu")} of the first
   * weight, {@code zeros_} of its bias and {@code xavier_uniform_} of the last weight, in torch
   * 1.13.
   */
  @Test
  void aTrainingStartsFromThem() throws Exception {
    ObjectNode job = Plans.document();
    ObjectNode first = (ObjectNode) job.at("/model/layers/0");
    first.set(
        "init",
        Plans.json(
            """
            {"weight": {"type": "kaiming_normal", "mode": "fan_out", "nonlinearity": "relu"},
             "bias": "zeros"}
            """));
    ((ObjectNode) job.at("/model/layers/2")).put("init", "xavier_uniform");
    List<Double> torch =
        List.of(1.1445114453633627, 1.1033934036890665, 1.0681735436121622, 1.0424431006113688);
    Recorder recorder = new Recorder();

    new DjlTrainingEngine(1).train(Plans.plan(job), recorder).close();

    assertThat(recorder.trainLosses()).hasSameSizeAs(torch);
    for (int i = 0; i < torch.size(); i++) {
      assertThat(recorder.trainLosses().get(i)).isCloseTo(torch.get(i), within(1e-5));
    }
  }

  private static void close(float[] values, float[] torch) {
    float worst = 0;
    for (int i = 0; i < torch.length; i++) {
      worst = Math.max(worst, Math.abs(values[i] - torch[i]) / Math.max(1, Math.abs(torch[i])));
    }
    assertThat(worst).isLessThan(ROUNDING);
  }
}
