package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.expressions.DType;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.TensorType;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Expressions give the types, values and gradients that generate.py got from torch. */
class ExpressionParityTest {
  private static PtNDManager manager;
  private static boolean gradients;
  private static NDList inputs;
  private static Map<String, TensorType> types;

  record Case(String expression, JsonNode expected) {
    @Override
    public String toString() {
      return expression;
    }
  }

  @BeforeAll
  static void load() throws IOException {
    manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu());
    gradients = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    inputs = new NDList();
    types = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : fixture().get("tensors").properties()) {
      JsonNode tensor = entry.getValue();
      DType dtype = DType.valueOf(tensor.get("dtype").stringValue().toUpperCase(Locale.ROOT));
      long[] sizes = doubles(tensor.get("shape")).stream().mapToLong(Double::longValue).toArray();
      types.put(entry.getKey(), TensorType.of(dtype, sizes));
      double[] data = doubles(tensor.get("data")).stream().mapToDouble(v -> v).toArray();
      DataType type =
          dtype == DType.BOOL
              ? DataType.BOOLEAN
              : dtype == DType.INT64 ? DataType.INT64 : DataType.FLOAT32;
      inputs.add(manager.create(data, new Shape(sizes)).toType(type, true));
    }
  }

  @AfterAll
  static void free() {
    JniUtils.setGradMode(gradients);
    manager.close();
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    fixture().get("cases").forEach(c -> cases.add(new Case(c.get("expression").stringValue(), c)));
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isTorchs(Case c) throws Exception {
    Expression expression = Expression.parse(c.expression(), types.keySet());
    TensorType type = expression.type(types);
    assertThat(type.dtype()).hasToString(c.expected().get("dtype").stringValue());
    assertThat(type.sizes().stream().map(Long::doubleValue).toList())
        .isEqualTo(doubles(c.expected().get("shape")));
    List<String> flowing =
        types.keySet().stream()
            .filter(
                name ->
                    Objects.requireNonNull(types.get(name)).dtype().isFloat()
                        && expression.differentiable(name))
            .toList();
    assertThat(flowing)
        .containsExactlyInAnyOrderElementsOf(c.expected().get("gradients").propertyNames());
    try (PtNDManager scope = (PtNDManager) manager.newSubManager();
        Script script = Script.load(scope, program(expression, type, flowing))) {
      NDArray value = script.run("value", inputs, false);
      value.attach(scope);
      assertThat(value.getDataType().name().toLowerCase(Locale.ROOT).replace("boolean", "bool"))
          .isEqualTo(type.dtype().toString());
      assertThat(value.getShape())
          .isEqualTo(new Shape(type.sizes().stream().mapToLong(s -> s).toArray()));
      assertClose("value", value, doubles(c.expected().get("value")));
      if (!flowing.isEmpty()) {
        List<Double> expected = new ArrayList<>();
        flowing.forEach(n -> expected.addAll(doubles(c.expected().get("gradients").get(n))));
        NDArray gradient = script.run("gradient", inputs, true);
        gradient.attach(scope);
        assertClose("gradients", gradient, expected);
      }
    }
  }

  @Test
  void theDeepestExpressionRuns() throws Exception {
    Expression expression = Expression.parse("x" + ".neg()".repeat(99), types.keySet());
    String text =
        "  def value(self: __torch__.Program, x: Tensor) -> Tensor:\n    return "
            + expression.script(name -> name)
            + "\n";
    try (PtNDManager scope = (PtNDManager) manager.newSubManager();
        Script script = Script.load(scope, text)) {
      NDArray x = scope.create(new float[] {1, -2});
      assertThat(script.run("value", new NDList(x), false).toFloatArray()).containsExactly(-1, 2);
    }
  }

  private static String program(Expression expression, TensorType type, List<String> flowing) {
    String arguments =
        types.keySet().stream().map(n -> n + ": Tensor").collect(Collectors.joining(", "));
    String text =
        """
          def value(self: __torch__.Program, %s) -> Tensor:
            return %s
        """
            .formatted(arguments, expression.script(name -> name));
    if (flowing.isEmpty()) {
      return text;
    }
    String leaves =
        flowing.stream()
            .map(n -> "    %1$s_ = torch.requires_grad_(torch.detach(%1$s))\n".formatted(n))
            .collect(Collectors.joining());
    String flat =
        flowing.stream()
            .map(n -> "unchecked_cast(Tensor, gradients[" + flowing.indexOf(n) + "])")
            .map(g -> "torch.to(torch.reshape(" + g + ", [-1]), 7)")
            .collect(Collectors.joining(", "));
    return text
        + """
          def gradient(self: __torch__.Program, %s) -> Tensor:
        %s    value = %s
            weights = torch.reshape(torch.cos(torch.to(torch.arange(%d), %d)), [%s])
            gradients = torch.grad([value], [%s], annotate(List[Optional[Tensor]], [weights]))
            return torch.cat([%s])
        """
            .formatted(
                arguments,
                leaves,
                expression.script(n -> flowing.contains(n) ? n + "_" : n),
                type.elements(),
                type.dtype() == DType.FLOAT64 ? 7 : 6,
                type.sizes().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                flowing.stream().map(n -> n + "_").collect(Collectors.joining(", ")),
                flat)
            .replace("[])\n    gradients", "annotate(List[int], []))\n    gradients");
  }

  private static void assertClose(String what, NDArray actual, List<Double> expected) {
    double[] values = actual.toType(DataType.FLOAT64, true).toDoubleArray();
    assertThat(values).as(what).hasSize(expected.size());
    for (int i = 0; i < values.length; i++) {
      assertThat(Math.abs(values[i] - expected.get(i)))
          .as("%s[%d]: %s for %s", what, i, values[i], expected.get(i))
          .isLessThanOrEqualTo(1e-6 + 1e-5 * Math.abs(expected.get(i)));
    }
  }

  private static List<Double> doubles(JsonNode array) {
    List<Double> values = new ArrayList<>();
    array.forEach(item -> values.add(item.doubleValue()));
    return values;
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in =
        ExpressionParityTest.class.getResourceAsStream("/expressions/torch.json")) {
      return Json.read(in.readAllBytes());
    }
  }
}
