package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** x.data, loss.backward() and x.grad over HTTP. */
@ExtendWith(SharedServer.class)
class GradientsIT {
  private static final double RELATIVE = 1e-5;

  static Stream<Arguments> torch() throws IOException {
    try (InputStream in = GradientsIT.class.getResourceAsStream("/gradients/torch.json")) {
      return Json.read(in.readAllBytes())
          .valueStream()
          .map(c -> Arguments.of(c.at("/request/expression").stringValue(), c));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("torch")
  void givesTorchsValueAndGradients(String expression, JsonNode expected, Api api) {
    JsonNode answer = api.post("/v1/gradients", expected.get("request")).expect(200).json();

    assertSame(expression, answer, expected.get("answer"));
  }

  /** The same structure, and numbers that are as near as float32 can tell. */
  private static void assertSame(String place, JsonNode actual, JsonNode expected) {
    if (expected.isNumber()) {
      assertThat(actual.isNumber()).as(place + ": " + actual).isTrue();
      double value = expected.doubleValue();
      assertThat(Math.abs(actual.doubleValue() - value))
          .as("%s: %s for %s", place, actual, expected)
          .isLessThanOrEqualTo(RELATIVE * Math.abs(value) + 1e-7);
    } else if (expected.isArray()) {
      assertThat(actual.size()).as(place).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        assertSame(place + "/" + i, actual.get(i), expected.get(i));
      }
    } else if (expected.isObject()) {
      assertThat(actual.propertyNames()).containsExactlyElementsOf(expected.propertyNames());
      expected
          .properties()
          .forEach(
              member ->
                  assertSame(
                      place + "/" + member.getKey(),
                      actual.get(member.getKey()),
                      member.getValue()));
    } else {
      assertThat(actual).as(place).isEqualTo(expected);
    }
  }

  @Test
  void whatIsNotFiniteIsATextBothWays(Api api) {
    JsonNode answer =
        api.post(
                "/v1/gradients",
                """
                {"tensors": {"x": {"data": ["-Infinity", "NaN", 1], "requires_grad": true}},
                 "expression": "(x * x).sum()"}
                """)
            .expect(200)
            .json();

    assertThat(answer.get("value").stringValue()).isEqualTo("NaN");
    assertThat(answer.get("gradients").get("x").toString())
        .isEqualTo("[\"-Infinity\",\"NaN\",2.0]");
  }

  private static Arguments bad(String what, String pointer, String told, String document) {
    return Arguments.of(what, pointer, told, document.replace('\'', '"'));
  }

  static Stream<Arguments> mistakes() {
    String x = "{'tensors': {'x': {'data': [[1, 2], [3, 4]], 'requires_grad': true}}, ";
    String plain = "{'tensors': {'x': {'data': [1, 2]}}, ";
    return Stream.of(
        bad("no tensors", "/tensors", "missing", "{'expression': 'x'}"),
        bad("no expression", "/expression", "missing", "{'tensors': {'x': {'data': 1}}}"),
        bad("empty tensors", "/tensors", "1 to 100", "{'tensors': {}, 'expression': 'x'}"),
        bad("no object", "", "object", "[1]"),
        bad(
            "ragged row",
            "/tensors/x/data/1",
            "array of 2",
            "{'tensors': {'x': {'data': [[1, 2], [3]]}}, 'expression': 'x'}"),
        bad(
            "ragged depth",
            "/tensors/x/data/1/0",
            "expected a number",
            "{'tensors': {'x': {'data': [[1, 2], [[3], 4]]}}, 'expression': 'x'}"),
        bad(
            "text for a number",
            "/tensors/x/data/0",
            "\"one\"",
            "{'tensors': {'x': {'data': ['one']}}, 'expression': 'x'}"),
        bad(
            "nothing",
            "/tensors/x/data",
            "at least one",
            "{'tensors': {'x': {'data': []}}, 'expression': 'x'}"),
        bad(
            "beyond float32",
            "/tensors/x/data/0",
            "float32",
            "{'tensors': {'x': {'data': [1e39]}}, 'expression': 'x'}"),
        bad(
            "fraction as int64",
            "/tensors/x/data/0",
            "whole",
            "{'tensors': {'x': {'data': [1.5], 'dtype': 'int64'}}, 'expression': 'x'}"),
        bad(
            "gradient of whole numbers",
            "/tensors/x/requires_grad",
            "floating point",
            "{'tensors': {'x': {'data': [1], 'dtype': 'int64', 'requires_grad': true}}, 'expression': 'x'}"),
        bad(
            "unknown dtype",
            "/tensors/x/dtype",
            "float64",
            "{'tensors': {'x': {'data': [1], 'dtype': 'bfloat16'}}, 'expression': 'x'}"),
        bad(
            "word of the language as a name",
            "/tensors/torch",
            "name",
            "{'tensors': {'torch': {'data': [1]}}, 'expression': 'torch'}"),
        bad(
            "unknown member",
            "/tensors/x/grad",
            "unknown",
            "{'tensors': {'x': {'data': [1], 'grad': true}}, 'expression': 'x'}"),
        bad("unknown operator", "/expression", "column 3", plain + "'expression': 'x.mmm(x)'}"),
        bad("unknown name", "/expression", "column 5", plain + "'expression': 'x + y'}"),
        bad("wrong shapes", "/expression", "mm", plain + "'expression': 'x.mm(x)'}"),
        bad("code", "/expression", "column", plain + "'expression': '__import__'}"),
        bad("not a single number", "/grad_output", "scalar outputs", x + "'expression': 'x * 2'}"),
        bad(
            "grad_output of another shape",
            "/grad_output",
            "[2, 2]",
            x + "'expression': 'x * 2', 'grad_output': [1, 2]}"),
        bad(
            "grad_output for nothing",
            "/grad_output",
            "requires_grad",
            plain + "'expression': 'x * 2', 'grad_output': [1, 2]}"),
        bad(
            "nothing to differentiate",
            "/expression",
            "does not require grad",
            x + "'expression': '(x > 1).sum()'}"),
        bad(
            "a value of a thousand million elements",
            "/expression",
            "elements",
            plain + "'expression': 'x.expand(500000000, 2)'}"),
        bad(
            "a thousand million elements on the way",
            "/expression",
            "elements",
            plain + "'expression': 'x.expand(500000000, 2).exp().sum()'}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsRefusedAtItsPlace(
      String what, String pointer, String told, String document, Api api) {
    Api.Answer answer = api.post("/v1/gradients", document).expect(422);

    assertThat(answer.pointers()).containsExactly(pointer);
    assertThat(answer.json().at("/errors/0/detail").stringValue()).contains(told);
  }

  @Test
  void whatTorchRefusesIsAMistakeInTheExpression(Api api) {
    Api.Answer answer =
        api.post(
                "/v1/gradients",
                """
                {"tensors": {"x": {"data": [[1, 2]]}, "i": {"data": [[7]], "dtype": "int64"}},
                 "expression": "x.gather(1, i)"}
                """)
            .expect(422);

    assertThat(answer.pointers()).containsExactly("/expression");
  }
}
