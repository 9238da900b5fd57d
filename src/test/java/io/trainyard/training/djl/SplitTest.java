package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTest {

  /** The lengths that torch.utils.data.random_split gives for [1 - fraction, fraction]. */
  @ParameterizedTest
  @CsvSource({"10,0.2,8,2", "48,0.2,39,9", "101,0.25,76,25", "7,0.5,4,3", "10,0.9,1,9"})
  void hasTorchsLengths(int rows, double fraction, int train, int validation) {
    Split split = new Split(LongStream.range(0, rows).toArray(), fraction);
    assertThat(split.train()).hasSize(train);
    assertThat(split.validation()).hasSize(validation);
  }

  @ParameterizedTest
  @CsvSource({"2,0.01", "2,0.99", "5,0.1", "3,0.9"})
  void leavesARowToEither(int rows, double fraction) {
    Split split = new Split(LongStream.range(0, rows).toArray(), fraction);
    assertThat(split.train()).isNotEmpty();
    assertThat(split.validation()).isNotEmpty();
  }

  @Test
  void trainsOnTheFirstOfThePermutationInItsOrder() {
    Split split = new Split(new long[] {3, 0, 4, 1, 2}, 0.4);
    assertThat(split.train()).containsExactly(3, 0, 4);
    assertThat(split.validation()).containsExactly(1, 2);
  }
}
