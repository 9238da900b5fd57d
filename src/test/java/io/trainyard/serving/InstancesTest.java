package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.datasets.ColumnProfile.Kind;
import io.trainyard.datasets.TableColumns;
import io.trainyard.datasets.TableColumns.Column;
import io.trainyard.datasets.Target;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import io.trainyard.training.ModelCard;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How rows in requests become inputs. */
class InstancesTest {
  private static final TableColumns COLUMNS =
      new TableColumns(
          List.of(
              new Column("a/b", Kind.NUMERIC, null),
              new Column("colour", Kind.CATEGORY, List.of("", "blue", "red"))),
          new Column("kind", Kind.CATEGORY, null));

  private static ModelCard card(Shape input, @Nullable TableColumns columns) {
    Target target = new Target.Classes(2, List.of("x", "y"));
    return new ModelCard(Json.object(), input, target, null, columns);
  }

  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static List<Float> floats(ByteBuffer buffer) {
    List<Float> floats = new ArrayList<>();
    ByteBuffer rest = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (rest.hasRemaining()) {
      floats.add(rest.getFloat());
    }
    return floats;
  }

  private static List<Float> read(ModelCard card, String rows) {
    Errors errors = new Errors();
    ByteBuffer inputs = Instances.read(json(rows), card, "/instances", errors);
    errors.throwIfAny();
    return floats(inputs);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[{'a/b': 1.5, 'colour': 'red'}]",
        "[{'colour': ' red ', 'a/b': 1.5}]",
        "[[1.5, 'red']]",
        "[[1.5, 0, 0, 1]]"
      })
  void oneRowInAllItsForms(String rows) {
    assertThat(read(card(Shape.of(4), COLUMNS), rows)).containsExactly(1.5f, 0f, 0f, 1f);
  }

  @Test
  void anEmptyCellIsAClass() {
    assertThat(read(card(Shape.of(4), COLUMNS), "[[2, null], {'a/b': 3, 'colour': ''}]"))
        .containsExactly(2f, 1f, 0f, 0f, 3f, 1f, 0f, 0f);
  }

  @Test
  void imagesAreNestedOrFlat() {
    ModelCard image = card(Shape.of(1, 2, 2), null);
    assertThat(read(image, "[[[[1, 2], [3, 4]]], [5, 6, 7, 8]]"))
        .containsExactly(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[[1, 'red'], {'colour': 'red'}] | /instances/1/a~1b | missing",
        "[{'a/b': 1, 'colour': 'red', 'size': 2}] | /instances/0/size | unknown; the columns are a/b, colour",
        "[{'a/b': 1, 'colour': 'red', 'kind': 'x'}] | /instances/0/kind | predicts",
        "[{'a/b': '1', 'colour': 'red'}] | /instances/0/a~1b | finite float32",
        "[{'a/b': 1e39, 'colour': 'red'}] | /instances/0/a~1b | finite float32",
        "[[1, 'green']] | /instances/0/1 | expected one of '', 'blue', 'red', got \"green\"",
        "[[1, 2, 3]] | /instances/0 | expected 4 numbers or 2 cells, got 3",
        "[[1, 2, 3, null]] | /instances/0/3 | finite float32",
        "[7] | /instances/0 | expected an object or an array"
      })
  void whatIsWrongHasItsPlace(String rows, String pointer, String detail) {
    Errors errors = new Errors();
    Instances.read(json(rows), card(Shape.of(4), COLUMNS), "/instances", errors);
    try {
      errors.throwIfAny();
    } catch (Problem e) {
      assertThat(e.places()).hasSize(1);
      assertThat(e.places().get(0).pointer()).isEqualTo(pointer);
      assertThat(e.places().get(0).detail()).contains(detail);
      return;
    }
    throw new AssertionError("accepted: " + rows);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[{'a': 1}] | /instances/0 | without columns",
        "[[1, 2, 3]] | /instances/0 | expected 4 numbers, got 3",
        "[[[[1, 2], [3]]]] | /instances/0/0/1 | expected an array of 2, for inputs of shape [1, 2, 2], got one of 1",
        "[[[[1, 2], [3, []]]]] | /instances/0/0/1/1 | finite float32"
      })
  void whatIsWrongWithAnImageHasItsPlace(String rows, String pointer, String detail) {
    Errors errors = new Errors();
    Instances.read(json(rows), card(Shape.of(1, 2, 2), null), "/instances", errors);
    try {
      errors.throwIfAny();
    } catch (Problem e) {
      assertThat(e.places().get(0).pointer()).isEqualTo(pointer);
      assertThat(e.places().get(0).detail()).contains(detail);
      return;
    }
    throw new AssertionError("accepted: " + rows);
  }
}
