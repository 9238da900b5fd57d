package io.trainyard.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static Errors many() {
    Errors errors = new Errors();
    IntStream.range(0, 60).forEach(i -> errors.add("/" + i, "wrong"));
    return errors;
  }

  @Test
  void showsSomeOfManyAndCountsAll() {
    assertThatThrownBy(many()::throwIfAny)
        .hasMessageContaining("/0: wrong (and 59 more)")
        .asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
        .satisfies(p -> assertThat(p.places()).hasSize(50));
  }

  @Test
  void anErrorThatIsNotShownIsOneToReaders() {
    Errors errors = many();
    Argument<Double> rate = Argument.number("rate").atLeast(0).orElse(1.0);

    assertThat(Arguments.read(Json.object().put("rate", -1), "", errors, List.of(rate))).isNull();
  }
}
