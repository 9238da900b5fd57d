package io.trainyard.expressions;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.trainyard.onnx.ElementType;
import io.trainyard.onnx.Graph;
import io.trainyard.onnx.OnnxModel;
import io.trainyard.shared.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Expressions in ONNX give the values that torch gives. */
class OnnxExpressionTest {

  /** ONNX has these losses for class indices alone, and without smoothing. */
  private static final Set<String> NOT_IN_ONNX =
      Set.of(
          "F.cross_entropy(x, k, reduction='sum', label_smoothing=0.1)",
          "F.cross_entropy(x, y.softmax(1))");

  static Stream<String> expressions() throws IOException {
    List<String> texts = new ArrayList<>();
    fixture().get("cases").forEach(c -> texts.add(c.get("expression").stringValue()));
    texts.removeAll(NOT_IN_ONNX);
    return texts.stream();
  }

  @Test
  void everyOperatorIsThere() {
    Set<String> missing = new TreeSet<>(Operators.all().keySet());
    missing.removeIf(OnnxWriter::knows);
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expressions")
  void isTorchs(String text) throws Exception {
    JsonNode fixture = fixture();
    Expression expression = Expression.parse(text, fixture.get("tensors").propertyNames());
    Graph graph = new Graph();
    Map<String, TensorType> types = new HashMap<>();
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : fixture.get("tensors").properties()) {
      JsonNode tensor = entry.getValue();
      String dtype = tensor.get("dtype").stringValue().toUpperCase(Locale.ROOT);
      List<Long> sizes = new ArrayList<>();
      tensor.get("shape").forEach(size -> sizes.add(size.longValue()));
      types.put(entry.getKey(), new TensorType(DType.valueOf(dtype), sizes));
      List<Double> numbers = new ArrayList<>();
      tensor
          .get("data")
          .forEach(
              n -> numbers.add(n.isBoolean() ? (n.booleanValue() ? 1.0 : 0) : n.doubleValue()));
      if (expression.names().contains(entry.getKey())) {
        values.put(entry.getKey(), graph.constant(ElementType.valueOf(dtype), sizes, numbers));
      }
    }
    JsonNode expected =
        StreamSupport.stream(fixture.get("cases").spliterator(), false)
            .filter(each -> each.get("expression").stringValue().equals(text))
            .findFirst()
            .orElseThrow();
    String value = expression.onnx(graph, types, values);
    String shape = graph.cast(graph.op("Shape", value), ElementType.FLOAT32);
    String flat = graph.reshape(graph.cast(value, ElementType.FLOAT32), List.of(-1L));
    String both = graph.node("Concat", List.of(shape, flat), "axis", 0);

    float[] result = run(new OnnxModel(graph, both, List.of(), List.of(), Map.of()));

    List<Double> wanted = new ArrayList<>();
    expected.get("shape").forEach(size -> wanted.add(size.doubleValue()));
    expected.get("value").forEach(number -> wanted.add(number.doubleValue()));
    assertThat(result).hasSize(wanted.size());
    for (int i = 0; i < result.length; i++) {
      assertThat(Math.abs(result[i] - wanted.get(i)))
          .as("%d: %s for %s", i, result[i], wanted.get(i))
          .isLessThanOrEqualTo(1e-6 + 1e-5 * Math.abs(wanted.get(i)));
    }
  }

  private static float[] run(OnnxModel model) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.write(bytes);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(bytes.toByteArray());
        OnnxTensor unused = OnnxTensor.createTensor(environment, new float[] {0});
        OrtSession.Result result = session.run(Map.of("x", unused))) {
      return (float[]) result.get(0).getValue();
    }
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in = OnnxExpressionTest.class.getResourceAsStream("/expressions/torch.json")) {
      return Json.read(in.readAllBytes());
    }
  }
}
