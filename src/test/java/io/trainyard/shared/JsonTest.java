package io.trainyard.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\": {\"b\": [1, NaN]}}|/a/b/1",
        "{\"a\": 1|/a",
        "{\"a\": 1, \"a\": 2}|/a",
        "{\"a/b\": tru}|/a~1b",
      })
  void tellsWhereADocumentBreaks(String text, String pointer) {
    assertThatThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8)))
        .asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
        .satisfies(p -> assertThat(p.kind()).isEqualTo(Problem.Kind.MALFORMED))
        .satisfies(p -> assertThat(p.places().get(0).pointer()).isEqualTo(pointer));
  }

  @Test
  void refusesTextAfterTheDocument() {
    assertThatThrownBy(() -> Json.read("{} {}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("after the end");
  }

  @Test
  void doesNotShowJacksonsAdvice() {
    assertThatThrownBy(() -> Json.read("[NaN]".getBytes(StandardCharsets.UTF_8)))
        .hasMessageNotContaining("JsonReadFeature");
  }

  @Test
  void escapesPointers() {
    assertThat(Json.pointer("/a", "b/c~d")).isEqualTo("/a/b~1c~0d");
  }
}
