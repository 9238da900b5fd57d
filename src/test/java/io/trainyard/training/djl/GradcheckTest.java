package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.models.Gradcheck;
import io.trainyard.models.Gradcheck.Check;
import io.trainyard.models.Gradcheck.Comparison;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GradcheckTest {
  private static final List<Long> ROWS = List.of(3L, 4L);

  private static Map<String, List<Long>> inputs(Map<String, List<Long>> parameters) {
    Map<String, List<Long>> inputs = new LinkedHashMap<>();
    inputs.put("x", ROWS);
    inputs.putAll(parameters);
    return inputs;
  }

  private static Map<String, Check> check(
      String forward, Map<String, String> backward, Map<String, List<Long>> parameters)
      throws Exception {
    return new DjlCalculations(1)
        .gradcheck(new Gradcheck.Function(forward, backward, inputs(parameters)));
  }

  private static Check of(Map<String, Check> checks, String name) {
    return Objects.requireNonNull(checks.get(name));
  }

  @Test
  void rightFormulasAgree() throws Exception {
    Map<String, Check> checks =
        check(
            "x.mm(w1).clamp(min=0).mm(w2)",
            Map.of(
                "x", "(grad_output.mm(w2.t()) * (x.mm(w1) > 0)).mm(w1.t())",
                "w1", "x.t().mm(grad_output.mm(w2.t()) * (x.mm(w1) > 0))",
                "w2", "x.mm(w1).clamp(min=0).t().mm(grad_output)"),
            Map.of("w1", List.of(4L, 5L), "w2", List.of(5L, 2L)));

    assertThat(checks.keySet()).containsExactlyInAnyOrder("x", "w1", "w2");
    for (Check check : checks.values()) {
      assertThat(check.checked()).isEqualTo((int) check.elements());
      assertThat(check.numeric().agrees()).isTrue();
      assertThat(check.numeric().maxAbsolute()).isLessThan(1e-7);
      assertThat(Objects.requireNonNull(check.autograd()).maxAbsolute()).isLessThan(1e-12);
    }
  }

  @Test
  void aWrongFormulaDeviatesByWhatIsWrongWithIt() throws Exception {
    Map<String, Check> checks =
        check(
            "x * w",
            Map.of("x", "grad_output * w", "w", "grad_output * x * 1.25"),
            Map.of("w", List.of(4L)));

    assertThat(of(checks, "x").numeric().agrees()).isTrue();
    Comparison wrong = of(checks, "w").numeric();
    assertThat(wrong.agrees()).isFalse();
    assertThat(wrong.maxRelative()).isCloseTo(0.2, within(1e-6));
    assertThat(wrong.at()).hasSize(1);
    assertThat(wrong.backward()).isCloseTo(1.25 * wrong.expected(), within(1e-6));
    assertThat(wrong.maxAbsolute())
        .isCloseTo(Math.abs(wrong.backward() - wrong.expected()), within(1e-12));
  }

  @Test
  void aStraightThroughEstimatorDeviatesWhereItLetsThrough() throws Exception {
    Map<String, Check> checks =
        check("x.sign()", Map.of("x", "grad_output * (x.abs() <= 1)"), Map.of());

    Comparison numeric = of(checks, "x").numeric();
    assertThat(numeric.agrees()).isFalse();
    assertThat(numeric.expected()).isZero();
    assertThat(numeric.maxAbsolute()).isEqualTo(Math.abs(numeric.backward())).isPositive();
    assertThat(numeric.at()).hasSize(2);
  }

  @Test
  void anInputWithoutAFormulaIsNotChecked() throws Exception {
    Map<String, Check> checks =
        check("x.detach() * w", Map.of("w", "grad_output * x"), Map.of("w", List.of(4L)));

    assertThat(checks.get("x")).isNull();
    assertThat(of(checks, "w").numeric().agrees()).isTrue();
  }

  @Test
  void autogradIsNotComparedWhereItHasNoGradient() throws Exception {
    Map<String, Check> checks = check("x.detach()", Map.of("x", "grad_output"), Map.of());

    assertThat(of(checks, "x").numeric().agrees()).isTrue();
    assertThat(of(checks, "x").autograd()).isNull();
  }

  @Test
  void aLargeInputIsCheckedInPart() throws Exception {
    Map<String, Check> checks =
        check("x.mm(w)", Map.of("w", "x.t().mm(grad_output)"), Map.of("w", List.of(4L, 5000L)));

    assertThat(of(checks, "w").elements()).isEqualTo(20_000);
    assertThat(of(checks, "w").checked()).isEqualTo(1000);
    assertThat(of(checks, "w").numeric().agrees()).isTrue();
  }

  @Test
  void theSameInputsAreDrawnEachTime() throws Exception {
    Map<String, String> backward = Map.of("x", "grad_output");

    assertThat(check("x.sin()", backward, Map.of()))
        .isEqualTo(check("x.sin()", backward, Map.of()));
  }

  @Test
  void whatIsNotANumberIsTheLargestDeviation() throws Exception {
    Comparison numeric =
        of(check("x * x", Map.of("x", "2 * x * grad_output + x.log() * 0"), Map.of()), "x")
            .numeric();

    assertThat(numeric.maxAbsolute()).isNaN();
    assertThat(numeric.backward()).isNaN();
    assertThat(numeric.agrees()).isFalse();
  }
}
