package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.expressions.DType;
import io.trainyard.training.Calculations;
import io.trainyard.training.Calculations.Answer;
import io.trainyard.training.Calculations.Input;
import io.trainyard.training.Calculations.Question;
import io.trainyard.training.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DjlCalculationsTest {
  private final Calculations engine = new DjlCalculations(1);

  private static Input input(double value) {
    TensorData data = TensorData.allocate(DType.FLOAT64, List.of(1L));
    data.set(0, value);
    return new Input(data, true);
  }

  private Answer ask(String expression) throws Calculations.Refused {
    return engine.gradients(new Question(expression, Map.of("x", input(3)), null));
  }

  @Test
  void moreProgramsThanAreKeptGiveTheirOwnResults() throws Exception {
    for (int round = 0; round < 2; round++) {
      for (int i = 1; i <= 100; i++) {
        Answer answer = ask("(x * " + i + ").sum()");
        assertThat(answer.value().number(0)).isEqualTo(3.0 * i);
        assertThat(Objects.requireNonNull(answer.gradients().get("x")).number(0)).isEqualTo(i);
      }
    }
  }

  @Test
  void nothingIsLeftOfACalculation() throws Exception {
    Answer first = ask("(x * x).sum()");
    Answer second = ask("(x * x).sum()");

    assertThat(second).isEqualTo(first);
    assertThat(second.value().sizes()).isEmpty();
    assertThat(second.value().dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void torchsRefusalIsTold() {
    TensorData index = TensorData.allocate(DType.INT64, List.of(1L));
    index.set(0, 7L);
    Question question =
        new Question("x.gather(0, i)", Map.of("x", input(3), "i", new Input(index, false)), null);

    assertThatThrownBy(() -> engine.gradients(question))
        .isInstanceOf(Calculations.Refused.class)
        .hasMessageContaining("out of bounds");
  }
}
