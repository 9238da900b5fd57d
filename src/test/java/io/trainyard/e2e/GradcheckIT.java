package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A model's own gradients, checked before anything is trained by them. */
@ExtendWith(SharedServer.class)
class GradcheckIT {
  private static final String MODEL =
      """
      {"gradcheck": %s, "input_shape": [4], "layers": [
        {"type": "Custom", "parameters": {"w": [4, 3]}, "forward": "x.mm(w)",
         "backward": {"x": "grad_output.mm(w.t())", "w": "x.t().mm(grad_output)"}},
        {"type": "ReLU"},
        {"type": "Custom", "parameters": {"s": [3]}, "forward": "x * s",
         "backward": {"x": "grad_output * s", "s": "grad_output * x * 2"}},
        {"type": "Custom", "forward": "x.sign()",
         "backward": {"x": "grad_output * (x.abs() <= 1)"}},
        {"type": "Custom", "parameters": {"b": [3]}, "forward": "x + b"}]}
      """;

  @Test
  void eachLayerWithABackwardIsReported(Api api) {
    JsonNode report =
        api.post("/v1/models/validate", MODEL.formatted(true)).expect(200).json().get("gradcheck");

    assertThat(report.valueStream().map(c -> c.get("layer").intValue())).containsExactly(0, 2, 3);
    assertThat(report.at("/0/inputs/x/numeric/agrees").booleanValue()).isTrue();
    assertThat(report.at("/0/inputs/w/numeric/agrees").booleanValue()).isTrue();
    assertThat(report.at("/0/inputs/w/elements").intValue()).isEqualTo(12);
    assertThat(report.at("/1/inputs/x/numeric/agrees").booleanValue()).isTrue();
    assertThat(report.at("/1/inputs/s/numeric/agrees").booleanValue()).isFalse();
    assertThat(report.at("/1/inputs/s/autograd/agrees").booleanValue()).isFalse();
    assertThat(report.at("/2/inputs/x/numeric/agrees").booleanValue()).isFalse();
    assertThat(report.at("/2/inputs/x/numeric/expected").doubleValue()).isZero();
  }

  @Test
  void itIsDoneOnRequestAlone(Api api) {
    JsonNode summary = api.post("/v1/models/validate", MODEL.formatted(false)).expect(200).json();

    assertThat(summary.get("gradcheck").isNull()).isTrue();
    assertThat(
            api.post("/v1/models", MODEL.formatted(true).replaceFirst("\\{", "{\"name\": \"m\", "))
                .expect(422)
                .pointers())
        .containsExactly("/gradcheck");
  }

  @Test
  void anOpenShapeIsRefused(Api api) {
    String open =
        """
        {"gradcheck": true, "layers": [
          {"type": "Custom", "forward": "x * 2", "backward": {"x": "grad_output * 2"}}]}
        """;

    assertThat(api.post("/v1/models/validate", open).expect(422).pointers())
        .containsExactly("/input_shape");
  }

  @Test
  void aModelWithoutOwnGradientsHasNothingToCheck(Api api) {
    String plain =
        """
        {"gradcheck": true, "layers": [{"type": "Linear", "in_features": 4, "out_features": 3}]}
        """;

    assertThat(api.post("/v1/models/validate", plain).expect(200).json().get("gradcheck").isEmpty())
        .isTrue();
  }
}
