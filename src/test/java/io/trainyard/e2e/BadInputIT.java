package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every mistake is answered with its place, and leaves nothing behind. */
@ExtendWith(SharedServer.class)
class BadInputIT {
  private static final String JOB =
      """
      {"model": {"layers": [{"type": "Linear", "in_features": 4, "out_features": 16}, {"type": "ReLU"},
         {"type": "Linear", "in_features": 16, "out_features": 3}]},
       "dataset": {"type": "synthetic", "seed": 0, "samples": 30, "input_shape": [4], "classes": 3},
       "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam", "lr": 0.01}, "epochs": 2}
      """;

  private String before = "";

  private static String stored(Api api) {
    return Stream.of("/v1/models", "/v1/datasets", "/v1/jobs")
        .map(path -> api.get(path + "?limit=200").expect(200).json().get("data"))
        .map(data -> data.valueStream().map(one -> one.get("id").stringValue()).toList().toString())
        .toList()
        .toString();
  }

  @BeforeEach
  void remember(Api api) {
    before = stored(api);
  }

  @AfterEach
  void nothingIsLeftBehind(Api api) {
    assertThat(stored(api)).isEqualTo(before);
  }

  private static Arguments job(String what, String pointer, String path, String value) {
    return Arguments.of(what, pointer, path, value);
  }

  static Stream<Arguments> jobs() {
    return Stream.of(
        job("unknown layer", "/model/layers/1/type", "/model/layers/1/type", "\"Relu\""),
        job("unknown argument", "/model/layers/0/units", "/model/layers/0/units", "3"),
        job(
            "missing argument",
            "/model/layers/1/in_features",
            "/model/layers/1/type",
            "\"Linear\""),
        job(
            "wrong shape chain",
            "/model/layers/2/in_features",
            "/model/layers/2/in_features",
            "24"),
        job("wrong first layer", "/model/layers/0/in_features", "/model/layers/0/in_features", "5"),
        job("unknown init", "/model/layers/0/init/type", "/model/layers/0/init", "\"glorot\""),
        job(
            "init of no parameter",
            "/model/layers/2/init/gamma",
            "/model/layers/2/init",
            "{\"gamma\": \"zeros\"}"),
        job(
            "init of too few dimensions",
            "/model/layers/2/init/bias",
            "/model/layers/2/init",
            "{\"bias\": \"xavier_uniform\"}"),
        job("a size of 0", "/model/layers/0/out_features", "/model/layers/0/out_features", "0"),
        job("no layers", "/model/layers", "/model/layers", "[]"),
        job("negative learning rate", "/optimizer/lr", "/optimizer/lr", "-0.1"),
        job("learning rate as text", "/optimizer/lr", "/optimizer/lr", "\"NaN\""),
        job("infinite learning rate", "/optimizer/lr", "/optimizer/lr", "1e999"),
        job("unknown optimizer", "/optimizer/type", "/optimizer/type", "\"Adamm\""),
        job("unknown loss", "/loss/type", "/loss/type", "\"MSE\""),
        job("epochs 0", "/epochs", "/epochs", "0"),
        job("epochs as text", "/epochs", "/epochs", "\"ten\""),
        job("epochs with a fraction", "/epochs", "/epochs", "1.5"),
        job("batch size 0", "/batch_size", "/batch_size", "0"),
        job("unknown dataset", "/dataset", "/dataset", "\"nowhere\""),
        job("unknown model", "/model", "/model", "\"nothing@7\""),
        job("regression target", "/loss", "/dataset", regression()),
        job("more classes than outputs", "/loss", "/dataset/classes", "4"),
        job("class target with MSELoss", "/loss", "/loss/type", "\"MSELoss\""),
        job("unknown member", "/epoch", "/epoch", "3"),
        job("path in the name", "/name", "/name", "\"../../etc/passwd\""),
        job("name like an id", "/name", "/name", "\"job_1\""),
        job("unknown metric", "/metrics/0", "/metrics", "[\"f1\"]"),
        job(
            "validation leaves nothing",
            "/validation/fraction",
            "/validation",
            "{\"fraction\": 1}"),
        job(
            "early stopping without validation",
            "/early_stopping/monitor",
            "/early_stopping",
            "{\"patience\": 2}"),
        job(
            "two kinds of clipping",
            "/gradient_clipping",
            "/gradient_clipping",
            "{\"max_norm\": 1, \"clip_value\": 1}"),
        job(
            "unknown operator",
            "/model/layers/1/forward",
            "/model/layers",
            custom("\"forward\": \"x.mmm(x)\"")),
        job(
            "gradient of another shape",
            "/model/layers/1/backward/x",
            "/model/layers",
            custom("\"forward\": \"x * 2\", \"backward\": {\"x\": \"x.sum(0)\"}")),
        job(
            "loss of many numbers",
            "/loss/expression",
            "/loss",
            "{\"type\": \"Custom\", \"expression\": \"y_pred.exp()\"}"),
        job("unknown device", "/device", "/device", "\"tpu\""),
        job("tag that is no text", "/tags/team", "/tags", "{\"team\": 3}"),
        job(
            "too large a synthetic set",
            "/dataset/input_shape",
            "/dataset/input_shape",
            "[100000, 100000]"));
  }

  private static String custom(String members) {
    return """
        [{"type": "Linear", "in_features": 4, "out_features": 16}, {"type": "Custom", %s},
         {"type": "Linear", "in_features": 16, "out_features": 3}]"""
        .formatted(members);
  }

  private static String regression() {
    return """
        {"type": "synthetic", "seed": 0, "samples": 30, "input_shape": [4], "target_shape": [1]}""";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jobs")
  void aWrongJobIsRefusedAtItsPlace(
      String what, String pointer, String path, String value, Api api) {
    ObjectNode document = (ObjectNode) Json.MAPPER.readTree(JOB);
    int slash = path.lastIndexOf('/');
    ((ObjectNode) document.at(path.substring(0, slash)))
        .set(path.substring(slash + 1), Json.MAPPER.readTree(value));

    // Infinity cannot be written back as JSON: 1e999 goes out as it came.
    String body = document.toString().replaceAll("\"Infinity\"|Infinity", "1e999");
    Api.Answer answer = api.post("/v1/jobs", body).expect(422);

    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.pointers()).contains(pointer);
    assertThat(answer.json().get("code").stringValue()).isEqualTo("invalid");
  }

  @Test
  void allMistakesAreToldAtOnce(Api api) {
    String body = JOB.replace("0.01", "-1").replace("\"epochs\": 2", "\"epochs\": 0");

    assertThat(api.post("/v1/jobs", body).expect(422).pointers())
        .containsExactlyInAnyOrder("/epochs", "/optimizer/lr");
  }

  static Stream<Arguments> files() {
    String rows = "1,2,a\n3,4,b\n";
    return Stream.of(
        Arguments.of("ragged row", "x,z,y\n" + rows + "5,6\n", "y", "line 4"),
        Arguments.of("text in a numeric column", "x,z,y\n" + rows + "five,6,a\n", "y", "five"),
        Arguments.of(
            "no header", rows.replace("a", "7").replace("b", "8"), "y", "name the columns"),
        Arguments.of("empty file", "", "y", "empty"),
        Arguments.of("only a header", "x,z,y\n", "y", "row"),
        Arguments.of("no such target", "x,z,y\n" + rows, "label", "label"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void aWrongFileIsRefusedAtItsPlace(
      String what, String content, String target, String told, Api api) {
    String spec = "{\"name\": \"bad\", \"format\": \"csv\", \"target\": \"" + target + "\"}";

    Api.Answer answer = api.upload(spec, content.getBytes(StandardCharsets.UTF_8)).expect(422);

    assertThat(answer.pointers()).hasSize(1).allMatch(p -> p.matches("/file|/target"));
    assertThat(answer.json().get("detail").stringValue()).contains(told);
  }

  @Test
  void aPathAsADatasetsNameIsRefused(Api api) {
    String spec = "{\"name\": \"../x\", \"format\": \"csv\", \"target\": \"y\"}";

    Api.Answer answer = api.upload(spec, "x,y\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8));

    assertThat(answer.expect(422).pointers()).containsExactly("/name");
  }

  @Test
  void brokenJsonIsRefusedWhereItBreaks(Api api) {
    assertThat(
            api.post("/v1/jobs", "{\"epochs\": 3, \"optimizer\": {\"lr\": NaN}}")
                .expect(400)
                .pointers())
        .containsExactly("/optimizer/lr");
    assertThat(api.post("/v1/jobs", "").expect(400).pointers()).containsExactly("");
    assertThat(api.post("/v1/jobs", "[1, 2").expect(400).json().get("code").stringValue())
        .isEqualTo("malformed");
    assertThat(api.post("/v1/jobs", "[1]").expect(422).pointers()).containsExactly("");
    assertThat(api.post("/v1/models", "{\"name\": \"a\", \"name\": \"b\"}").expect(400).pointers())
        .containsExactly("/name");
  }

  @Test
  void anErrorInAnExpressionNamesItsColumn(Api api) {
    String model =
        """
        {"input_shape": [3, 4], "layers": [{"type": "Custom", "parameters": {"w": [4, 2]}, "forward": "x.mm(w)"}]}""";
    JsonNode problem = api.post("/v1/models/validate", model).expect(422).json();
    assertThat(problem.at("/errors/0/pointer").stringValue()).isEqualTo("/layers/0/forward");
    assertThat(problem.at("/errors/0/detail").stringValue())
        .isEqualTo("column 3: mm: expected 2-D tensors, got [N, 3, 4] and [4, 2]");
    api.post("/v1/models/validate", model.replace("mm", "matmul")).expect(200);
  }

  @Test
  void aWrongModelIsRefusedAtItsPlace(Api api) {
    String layers = "\"layers\": [{\"type\": \"Linear\", \"in_features\": 4}]";

    assertThat(api.post("/v1/models", "{\"name\": \"a/b\", " + layers + "}").expect(422).pointers())
        .containsExactlyInAnyOrder("/name", "/layers/0/out_features");
    assertThat(api.post("/v1/models/validate", "{" + layers + "}").expect(422).pointers())
        .containsExactly("/layers/0/out_features");
    api.post("/v1/models/validate", "{").expect(400);
    api.post("/v1/datasets", "{").expect(400);
    api.post("/v1/gradients", "{").expect(400);
  }
}
