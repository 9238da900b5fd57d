package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();

  @Test
  void startsWithOneStep() {
    assertThat(pace.steps()).isEqualTo(1);
  }

  @Test
  void growsByDegreesToCallsOfTwentyMilliseconds() {
    pace.took(1, 100_000);
    assertThat(pace.steps()).isEqualTo(8);
    pace.took(8, 800_000);
    pace.took(64, 6_400_000);
    assertThat(pace.steps()).isEqualTo(200);
  }

  @Test
  void shrinksAtOnceWhenStepsTakeLonger() {
    pace.took(1, 1_000_000);
    pace.took(8, 80_000_000);
    assertThat(pace.steps()).isEqualTo(2);
    pace.took(2, 2_000_000_000);
    assertThat(pace.steps()).isEqualTo(1);
  }
}
