package io.trainyard.training.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final Target THREE = new Target.Classes(3, List.of());
  private static final Target WHOLE = new Target.Integers(List.of(1L, 5L, 10L));

  private static Loss loss(String json) {
    Errors errors = new Errors();
    Loss loss =
        Losses.VOCABULARY.read(Json.read(json.getBytes(StandardCharsets.UTF_8)), "", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(loss);
  }

  @Test
  void crossEntropyTakesClassesWithAnOutputEach() throws Exception {
    Loss loss = loss("{\"type\": \"CrossEntropyLoss\"}");
    assertThat(loss.accept(Shape.of(3), THREE)).isEqualTo(THREE);
    assertThat(loss.accept(Shape.of(4), WHOLE))
        .isEqualTo(new Target.Classes(3, List.of("1", "5", "10")));
    assertThatThrownBy(() -> loss.accept(Shape.of(2), THREE))
        .hasMessage("the data has 3 classes, the model gives 2 outputs");
    assertThatThrownBy(() -> loss.accept(Shape.of(3, 2), THREE))
        .hasMessageContaining("one output per class");
  }

  @Test
  void crossEntropyTakesProbabilitiesOfTheOutputsShapeAndNoOtherNumbers() throws Exception {
    Loss loss = loss("{\"type\": \"CrossEntropyLoss\"}");
    Target values = new Target.Values(Shape.of(3));
    assertThat(loss.accept(Shape.of(3), values)).isEqualTo(values);
    assertThatThrownBy(() -> loss.accept(Shape.of(3), new Target.Values(Shape.of(1))))
        .isInstanceOf(ShapeMismatch.class)
        .hasMessageStartingWith("CrossEntropyLoss needs classes; the target is numeric");
  }

  @Test
  void crossEntropyWeighsEveryClass() {
    Loss loss = loss("{\"type\": \"CrossEntropyLoss\", \"weight\": [1, 2]}");
    assertThatThrownBy(() -> loss.accept(Shape.of(3), THREE))
        .isInstanceOfSatisfying(
            ShapeMismatch.class, e -> assertThat(e.pointer()).isEqualTo("/weight"));
  }

  @Test
  void elementwiseLossesTakeNumbersOfTheOutputsShape() throws Exception {
    for (String type : List.of("MSELoss", "L1Loss")) {
      Loss loss = loss("{\"type\": \"" + type + "\"}");
      Target values = new Target.Values(Shape.of(2, 3));
      assertThat(loss.accept(Shape.of(2, 3), values)).isEqualTo(values);
      assertThat(loss.accept(Shape.of(1), WHOLE)).isEqualTo(new Target.Values(Shape.of(1)));
      assertThatThrownBy(() -> loss.accept(Shape.of(3), values))
          .hasMessage(type + " needs outputs of the target's shape [2, 3], the model gives [3]");
      assertThatThrownBy(() -> loss.accept(Shape.of(3), THREE))
          .hasMessage(type + " needs numbers; the target is one of 3 classes");
    }
  }

  @Test
  void aCustomLossTakesWholeNumbersAsValuesIfTheyFitElseAsClasses() throws Exception {
    Loss squares =
        loss("{'type': 'Custom', 'expression': '(y_pred - y).pow(2).mean()'}".replace('\'', '"'));
    assertThat(squares.accept(Shape.of(1), WHOLE)).isEqualTo(new Target.Values(Shape.of(1)));
    Loss entropy =
        loss("{'type': 'Custom', 'expression': 'F.cross_entropy(y_pred, y)'}".replace('\'', '"'));
    assertThat(entropy.accept(Shape.of(3), WHOLE))
        .isEqualTo(new Target.Classes(3, List.of("1", "5", "10")));
    assertThatThrownBy(() -> squares.accept(Shape.of(2, 3), THREE))
        .hasMessageStartingWith("column 9: '-': shapes [N, 2, 3] and [N] do not broadcast");
  }
}
