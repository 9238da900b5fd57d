package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.datasets.ColumnProfile.Kind;
import io.trainyard.datasets.TableColumns;
import io.trainyard.datasets.TableColumns.Column;
import io.trainyard.datasets.Target;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss.Outputs;
import io.trainyard.training.ModelCard;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What outputs mean, by the loss and the target. */
class PredictedTest {
  private static final Target NAMED = new Target.Classes(2, List.of("no", "yes"));
  private static final Target UNNAMED = new Target.Classes(2, List.of());

  private static Predicted predicted(
      Target target, Outputs outputs, Shape output, @Nullable Kind targetKind, float... values) {
    TableColumns columns =
        targetKind == null
            ? null
            : new TableColumns(List.of(), new Column("target", targetKind, null));
    ModelCard card = new ModelCard(Json.object(), Shape.of(1), target, null, columns);
    ServedModel model = new ServedModel("job_1", "f", "k", 3, card, outputs, output, 4, 4);
    int rows = (int) (values.length / output.elements());
    return new Predicted(model, rows, FloatBuffer.wrap(values));
  }

  @Test
  void logitsAreClassesByTheirNamesWithTheirSoftmax() {
    Predicted two = predicted(NAMED, Outputs.LOGITS, Shape.of(2), Kind.CATEGORY, 0, 0, -1, 1);
    assertThat(two.predictions().toString()).isEqualTo("[\"no\",\"yes\"]");
    assertThat(String.valueOf(two.probabilityRows()))
        .isEqualTo("[[0.5,0.5],[0.11920292,0.8807971]]");
    assertThat(two.classes()).containsExactly("no", "yes");
  }

  @Test
  void largeLogitsHaveProbabilities() {
    Predicted one = predicted(NAMED, Outputs.LOGITS, Shape.of(2), Kind.CATEGORY, 3e38f, -3e38f);
    assertThat(String.valueOf(one.probabilityRows())).isEqualTo("[[1.0,0.0]]");
  }

  @Test
  void classesOfWholeNumbersAreWholeNumbers() {
    Target digits = new Target.Classes(2, List.of("-3", "7"));
    Predicted one = predicted(digits, Outputs.LOGITS, Shape.of(2), Kind.INTEGER, 0, 1);
    assertThat(one.predictions().toString()).isEqualTo("[7]");
    assertThat(one.classes()).containsExactly(-3L, 7L);
  }

  @Test
  void classesWithoutNamesAreIndices() {
    Predicted one = predicted(UNNAMED, Outputs.LOG_PROBABILITIES, Shape.of(3), null, -3, -2, 0);
    assertThat(one.predictions().toString()).isEqualTo("[2]");
    assertThat(one.classes()).containsExactly(0, 1, 2);
    assertThat(String.valueOf(one.probabilityRows())).isEqualTo("[[0.049787067,0.13533528,1.0]]");
  }

  @Test
  void binaryOutputsAreOneOrZeroEach() {
    Target values = new Target.Values(Shape.of(2));
    Predicted logits = predicted(values, Outputs.BINARY_LOGITS, Shape.of(2), null, -1, 0);
    assertThat(logits.predictions().toString()).isEqualTo("[[0.0,1.0]]");
    assertThat(String.valueOf(logits.probabilityRows())).isEqualTo("[[0.26894143,0.5]]");
    assertThat(logits.classes()).isNull();
    Target single = new Target.Values(Shape.of(1));
    Predicted given = predicted(single, Outputs.BINARY_PROBABILITIES, Shape.of(1), null, 0.25f);
    assertThat(given.predictions().toString()).isEqualTo("[0.0]");
    assertThat(String.valueOf(given.probabilityRows())).isEqualTo("[0.25]");
  }

  @Test
  void otherOutputsAreThePredictions() {
    Target values = new Target.Values(Shape.of(1));
    Predicted one = predicted(values, Outputs.VALUES, Shape.of(1), null, 2.5f, Float.NaN);
    assertThat(one.predictions().toString()).isEqualTo("[2.5,\"NaN\"]");
    assertThat(one.probabilityRows()).isNull();
    Predicted grid = predicted(values, Outputs.VALUES, Shape.of(2, 2), null, 1, 2, 3, 4);
    assertThat(grid.predictions().toString()).isEqualTo("[[[1.0,2.0],[3.0,4.0]]]");
  }

  @Test
  void aLossOfOnesOwnTellsClassesWithoutProbabilities() {
    Predicted one = predicted(NAMED, Outputs.VALUES, Shape.of(2), Kind.CATEGORY, 5, 1);
    assertThat(one.predictions().toString()).isEqualTo("[\"no\"]");
    assertThat(one.probabilityRows()).isNull();
  }
}
