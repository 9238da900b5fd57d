package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trainyard.datasets.Normalization;
import io.trainyard.training.FeatureScaling;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class ScalingTest {
  private static final FloatBuffer FEATURES =
      FloatBuffer.wrap(new float[] {1, 5, 0.1f, 3, 9, 0.1f, 100, 100, 100, 8, 1, 0.1f});
  private static final long[] ROWS = {0, 1, 3};

  @Test
  void standardIsMeanAndPopulationDeviationOfTheGivenRows() {
    FeatureScaling scaling = Scaling.fit(FEATURES, 3, ROWS, Normalization.STANDARD);
    assertThat(scaling.offset().get(0)).isEqualTo(4, within(1e-12));
    assertThat(scaling.scale().get(0)).isEqualTo(Math.sqrt(26 / 3.0), within(1e-12));
    assertThat(scaling.offset().get(1)).isEqualTo(5, within(1e-12));
    assertThat(scaling.scale().get(1)).isEqualTo(Math.sqrt(32 / 3.0), within(1e-12));
  }

  @Test
  void minmaxIsTheRangeOfTheGivenRows() {
    FeatureScaling scaling = Scaling.fit(FEATURES, 3, ROWS, Normalization.MINMAX);
    assertThat(scaling.offset().subList(0, 2)).containsExactly(1.0, 1.0);
    assertThat(scaling.scale().subList(0, 2)).containsExactly(7.0, 8.0);
  }

  @Test
  void aConstantFeatureBecomesZero() {
    for (Normalization kind : new Normalization[] {Normalization.STANDARD, Normalization.MINMAX}) {
      FeatureScaling scaling = Scaling.fit(FEATURES, 3, ROWS, kind);
      assertThat((0.1f - scaling.offset().get(2)) / scaling.scale().get(2)).isZero();
    }
  }
}
