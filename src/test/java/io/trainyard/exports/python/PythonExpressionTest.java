package io.trainyard.exports.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.trainyard.Torch;
import io.trainyard.expressions.Expression;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Expressions written as Python. */
class PythonExpressionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x.mm(w1).clamp(min=0).mm(w2) | x.mm(w1).clamp(min=0).mm(w2)",
        "(x - y).pow(2).sum() | (x - y).pow(2).sum()",
        "grad_output * (x.abs() <= 1) | grad_output * (x.abs() <= 1)",
        "torch.tanh(x @ w1 + y) | (x @ w1 + y).tanh()",
        "x.gelu(approximate='tanh') | F.gelu(x, approximate=\"tanh\")",
        "torch.softplus(x, beta=2) | F.softplus(x, beta=2)",
        "-x ** 2 - (-x) ** -2 | -x ** 2 - (-x) ** -2",
        "(x - (y - x)) / (x * y) | (x - (y - x)) / (x * y)",
        "2 / x - 1 + 2 ** x | 2 / x - 1 + 2 ** x",
        "x[..., 1:] * x[:, 0:-1] | x[..., 1:] * x[:, 0:-1]",
        "x.max(1)[0] * x.shape[0] | x.max(1).values * x.size(0)",
        "(x > 0).where(x, 0.) | torch.where(x > 0, x, 0.0)",
        "x.var(correction=0) | x.var(dim=None, correction=0, keepdim=False)",
        "x.clamp(max=math.inf) | x.clamp(max=math.inf)",
      })
  void isWhatAPersonWouldWrite(String expression, String python) throws Exception {
    List<String> names = List.of("x", "y", "w1", "w2", "grad_output");
    assertThat(Expression.parse(expression, names).python(name -> name)).isEqualTo(python);
  }

  @Test
  void aLongChainIsWrittenAtOnce() throws Exception {
    String chain = "x" + ".exp()".repeat(90);
    String written =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> Expression.parse(chain, List.of("x")).python(name -> name));
    assertThat(written).isEqualTo(chain);
  }

  /** All expressions that the engine is held against torch with. */
  @Test
  @EnabledIf("io.trainyard.Torch#isThere")
  void givesTorchsValues(@TempDir Path scratch) throws Exception {
    JsonNode fixture = fixture();
    List<String> names = List.copyOf(fixture.get("tensors").propertyNames());
    ArrayNode cases = Json.MAPPER.createArrayNode();
    for (JsonNode each : fixture.get("cases")) {
      ObjectNode described = (ObjectNode) each.deepCopy();
      String text = each.get("expression").stringValue();
      cases.add(described.put("python", Expression.parse(text, names).python(name -> name)));
    }
    Path tensors = Files.writeString(scratch.resolve("torch.json"), fixture.toString());
    Path written = Files.writeString(scratch.resolve("cases.json"), cases.toString());

    assertThat(cases.size()).isGreaterThan(300);
    assertThat(Torch.resource("check_expressions.py", scratch, tensors, written)).isEmpty();
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in =
        PythonExpressionTest.class.getResourceAsStream("/expressions/torch.json")) {
      return Json.read(Objects.requireNonNull(in).readAllBytes());
    }
  }
}
