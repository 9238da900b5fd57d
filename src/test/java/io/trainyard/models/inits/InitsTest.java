package io.trainyard.models.inits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.trainyard.models.Init;
import io.trainyard.models.ModelDefinition;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitsTest {
  private static final String LINEAR = "'type': 'Linear', 'in_features': 6, 'out_features': 2";

  @Test
  void aNameIsTheWeights() {
    Init init = new Init.Uniform(0, 1);
    assertThat(read(LINEAR + ", 'init': 'uniform'")).containsExactly(Map.entry("weight", init));
    assertThat(read(LINEAR + ", 'init': 'uniform_'")).containsExactly(Map.entry("weight", init));
    assertThat(read(LINEAR + ", 'init': {'type': 'uniform'}"))
        .containsExactly(Map.entry("weight", init));
  }

  @Test
  void parametersHaveTheirOwnInTheirOrder() {
    Map<String, Init> inits =
        read(LINEAR + ", 'init': {'bias': 'ones', 'weight': {'type': 'normal_', 'std': 0.5}}");

    assertThat(List.copyOf(inits.entrySet()))
        .containsExactly(
            Map.entry("weight", new Init.Normal(0, 0.5)), Map.entry("bias", new Init.Constant(1)));
  }

  @Test
  void aCustomLayersParametersAreNamedByItself() {
    assertThat(
            read(
                "'type': 'Custom', 'parameters': {'a': [2], 'type': [3, 4]}, 'forward': 'x',"
                    + " 'init': {'type': {'type': 'orthogonal'}, 'a': 'zeros'}"))
        .containsOnlyKeys("a", "type");
  }

  @Test
  void withoutOneOrWithNullTheDefaultStays() {
    assertThat(read(LINEAR)).isEmpty();
    assertThat(read(LINEAR + ", 'init': null")).isEmpty();
    assertThat(read(LINEAR + ", 'init': {}")).isEmpty();
    assertThat(read("'type': 'PReLU', 'init': 0.5")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "%s, 'init': 'glorot'|/type|unknown init \"glorot\"; the inits are uniform, normal, constant",
        "%s, 'init': 'uniform__'|/type|unknown init",
        "%s, 'init': 'constant'|/val|missing",
        "%s, 'init': {'type': 'constant', 'val': 1, 'value': 1}|/value|unknown; known here: type, val",
        "%s, 'init': {'type': 'constant', 'val': 1e39}|/val|within float32's range",
        "%s, 'init': 0.5||a name of torch.nn.init or an object, got 0.5",
        "%s, 'init': ['ones']||a name of torch.nn.init or an object, got an array",
        "%s, 'init': {'gamma': 'ones'}|/gamma|unknown; the layer's parameters are weight, bias",
        "%s, 'init': {'bias': 3}|/bias|expected an object with a type, got 3",
        "%s, 'init': {'bias': 'xavier_uniform'}|/bias|bias: xavier_uniform needs 2 or more dimensions, the shape is [2]",
        "%s, 'init': {'bias': {'type': 'sparse', 'sparsity': 0.5}}|/bias|bias: sparse needs 2 dimensions",
        "%s, 'init': 'dirac'||weight: dirac needs 3 to 5 dimensions, the shape is [2, 6]",
        "%s, 'init': {'type': 'sparse'}|/sparsity|missing",
        "%s, 'init': {'type': 'sparse', 'sparsity': 1.5}|/sparsity|at most 1",
        "%s, 'init': {'type': 'uniform', 'a': 2}|/b|expected at least a, 2.0, got 1.0",
        "%s, 'init': {'type': 'trunc_normal', 'b': -3}|/b|expected at least a, -2.0, got -3.0",
        "%s, 'init': {'type': 'trunc_normal', 'std': 0}|/std|above 0",
        "%s, 'init': {'type': 'normal', 'std': -1}|/std|at least 0",
        "%s, 'init': {'type': 'kaiming_normal', 'mode': 'fan'}|/mode|one of fan_in, fan_out",
        "%s, 'init': {'type': 'kaiming_normal', 'nonlinearity': 'gelu'}|/nonlinearity|one of linear",
        "%s, 'bias': false, 'init': {'bias': 'ones'}|/bias|unknown; the layer's parameters are weight",
        "'type': 'Conv1d', 'in_channels': 1, 'out_channels': 3, 'kernel_size': 1, 'init': {'type': 'dirac', 'groups': 2}|/groups|expected a divisor of 3, got 2",
        "%s, 'bias': false, 'init': {'weight': 'ones', 'bias': null}|/bias|unknown",
        "%s, 'init': {'bias': null}|/bias|expected an object with a type, got null",
        "'type': 'Custom', 'parameters': {'w': [2, 3]}, 'forward': 'x', 'init': 'ones'||has no weight; say for which of its parameters, w",
        "'type': 'Custom', 'forward': 'x', 'init': 'ones'||the layer has no parameters",
        "'type': 'BatchNorm1d', 'num_features': 3, 'affine': false, 'init': 'ones'||the layer has no parameters",
        "'type': 'PReLU', 'init': true||a finite number, a name of torch.nn.init or an object",
      })
  void refusesWithThePlace(String layer, @Nullable String pointer, String detail) {
    Problem problem = catchThrowableOfType(Problem.class, () -> read(layer.replace("%s", LINEAR)));

    assertThat(problem.places()).hasSize(1);
    assertThat(problem.places().get(0).pointer())
        .isEqualTo("/layers/0/init" + (pointer == null ? "" : pointer));
    assertThat(problem.places().get(0).detail()).contains(detail);
  }

  @Test
  void aLayerWithoutParametersKnowsNoInit() {
    Problem problem =
        catchThrowableOfType(Problem.class, () -> read("'type': 'ReLU', 'init': 'ones'"));

    assertThat(problem.places().get(0).detail()).isEqualTo("unknown; known here: type");
  }

  private static Map<String, Init> read(String layer) {
    String json = "{\"layers\": [{" + layer.replace('\'', '"') + "}]}";
    Errors errors = new Errors();
    ModelDefinition model = ModelDefinition.read(Json.MAPPER.readTree(json), "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(model).inits().get(0);
  }
}
