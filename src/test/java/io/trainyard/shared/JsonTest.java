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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"tags\": {\"a/b\": \"x\\u0000y\"}}|/tags/a~1b",
        "[1, [\"\\ud800\"]]|/1/0",
        "{\"a\": {\"b\\u0000c\": 1}}|/a/b\u0000c",
        "\"\\ude00\\ud83d\"|''",
      })
  void refusesTextsThatAreNone(String text, String pointer) {
    assertThatThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8)))
        .asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
        .satisfies(p -> assertThat(p.kind()).isEqualTo(Problem.Kind.INVALID))
        .satisfies(p -> assertThat(p.places().get(0).pointer()).isEqualTo(pointer));
  }

  @Test
  void takesEveryOtherText() {
    String text = "[\"\\u0001\\n\\u202e\\ud83d\\ude00\", {\"\": 1}]";
    assertThat(Json.read(text.getBytes(StandardCharsets.UTF_8)).get(0).stringValue())
        .isEqualTo("\u0001\n\u202e\ud83d\ude00");
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
