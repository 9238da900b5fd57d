package io.trainyard.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  private static final Argument<Integer> SIZE = Argument.integer("size").atLeast(1).atMost(9);
  private static final Argument<Double> RATE = Argument.number("rate").above(0).orElse(0.5);
  private static final Argument<List<Integer>> DIMS =
      Argument.integers("dims").atLeast(1).optional();
  private static final Argument<String> MODE = Argument.oneOf("mode", "sum", "mean").orElse("mean");
  private static final Argument<Sizes> PAIR =
      Argument.sizes("pair", 2, "same").atLeast(1).orElse(Sizes.of(4));
  private static final Argument<Double> FACTOR = Argument.number("factor").orElseNullable(0.1);

  private static final Vocabulary<String> WORDS =
      new Vocabulary<>(
          "word",
          "torch",
          Kind.of(
              "Box",
              a -> {
                if (a.get(SIZE) == 7) {
                  throw Arguments.refuse(SIZE, "not seven");
                }
                return a.get(SIZE) + " " + a.get(RATE) + " " + a.find(DIMS) + " " + a.get(MODE);
              },
              SIZE,
              RATE,
              DIMS,
              MODE),
          Kind.own(
              "Pair",
              a -> a.get(PAIR).each(2) + " " + a.get(PAIR).word() + " " + a.find(FACTOR),
              PAIR,
              FACTOR));

  @Test
  void readsArgumentsAndDefaults() {
    Errors errors = new Errors();

    String made =
        WORDS.read(
            Json.MAPPER.readTree("{\"type\":\"Box\",\"size\":3,\"dims\":[4,5]}"), "", errors);

    assertThat(errors.isEmpty()).isTrue();
    assertThat(made).isEqualTo("3 0.5 [4, 5] mean");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'Pair'}|[4, 4] null 0.1",
        "{'type':'Box','size':3.0,'dims':[4.0]}|3 0.5 [4] mean",
        "{'type':'Pair','pair':3}|[3, 3] null 0.1",
        "{'type':'Pair','pair':[3,5],'factor':0.5}|[3, 5] null 0.5",
        "{'type':'Pair','pair':'same','factor':null}|[] same null",
        "{'type':'Pair','pair':null}|[4, 4] null 0.1",
      },
      quoteCharacter = '`')
  void readsOneNumberOrOneForEachDimension(String text, String made) {
    Errors errors = new Errors();

    assertThat(WORDS.read(Json.MAPPER.readTree(text.replace('\'', '"')), "", errors))
        .isEqualTo(made);
  }

  @ParameterizedTest
  @ValueSource(strings = {"size", "rate", "dims", "pair"})
  void aNumberOfManyDigitsIsRefused(String argument) {
    String digits = "9".repeat(400);
    String value = argument.equals("dims") ? "[" + digits + "]" : digits;
    String type = argument.equals("pair") ? "Pair" : "Box";
    Errors errors = new Errors();

    WORDS.read(
        Json.MAPPER.readTree("{\"type\":\"%s\",\"%s\":%s}".formatted(type, argument, value)),
        "",
        errors);
    assertThatThrownBy(errors::throwIfAny)
        .isInstanceOfSatisfying(
            Problem.class,
            e ->
                assertThat(e.places())
                    .anyMatch(
                        place ->
                            place.pointer().startsWith("/" + argument)
                                && place.detail().contains("got 999")));
  }

  @Test
  void describesBothFormsOfSizes() {
    var pair = WORDS.schema().at("/$defs/Pair/properties");

    assertThat(pair.at("/pair/oneOf/0/minimum").intValue()).isEqualTo(1);
    assertThat(pair.at("/pair/oneOf/1/items/minimum").intValue()).isEqualTo(1);
    assertThat(pair.at("/pair/oneOf/1/maxItems").intValue()).isEqualTo(2);
    assertThat(pair.at("/pair/default").intValue()).isEqualTo(4);
    assertThat(pair.at("/factor/type").toString()).isEqualTo("[\"number\",\"null\"]");
  }

  @Test
  void saysOnlyOfTorchsWordsThatTheyAreTorchs() {
    assertThat(WORDS.schema().at("/$defs/Box").has("description")).isTrue();
    assertThat(WORDS.schema().at("/$defs/Pair").has("description")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"Pair\",\"pair\":[1,2,3]}|/x/pair|a whole number, an array of 2 or one of same, got an array of 3",
        "{\"type\":\"Pair\",\"pair\":\"valid\"}|/x/pair|an array of 2 or one of same, got \"valid\"",
        "{\"type\":\"Pair\",\"pair\":[1,0.5]}|/x/pair/1|a whole number",
        "{\"type\":\"Pair\",\"pair\":[1,0]}|/x/pair|numbers at least 1",
        "{\"type\":\"Pair\",\"pair\":0}|/x/pair|numbers at least 1, got 0",
        "{\"type\":\"Box\"}|/x/size|missing",
        "{\"type\":\"Box\",\"size\":0}|/x/size|expected a number at least 1, got 0",
        "{\"type\":\"Box\",\"size\":10}|/x/size|at most 9",
        "{\"type\":\"Box\",\"size\":1.5}|/x/size|whole number",
        "{\"type\":\"Box\",\"size\":3000000000}|/x/size|whole number",
        "{\"type\":\"Box\",\"size\":null}|/x/size|whole number, got null",
        "{\"type\":\"Box\",\"size\":7}|/x/size|not seven",
        "{\"type\":\"Box\",\"size\":1,\"rate\":0}|/x/rate|above 0",
        "{\"type\":\"Box\",\"size\":1,\"rate\":1e999}|/x/rate|finite",
        "{\"type\":\"Box\",\"size\":1,\"rate\":\"1\"}|/x/rate|finite number, got \"1\"",
        "{\"type\":\"Box\",\"size\":1,\"dims\":[1,\"a\"]}|/x/dims/1|whole number",
        "{\"type\":\"Box\",\"size\":1,\"dims\":[1,0]}|/x/dims|at least 1",
        "{\"type\":\"Box\",\"size\":1,\"dims\":3}|/x/dims|an array",
        "{\"type\":\"Box\",\"size\":1,\"mode\":\"max\"}|/x/mode|one of sum, mean",
        "{\"type\":\"Box\",\"size\":1,\"colour\":2}|/x/colour|unknown; known here: type, size",
        "{\"type\":\"box\"}|/x/type|unknown word \"box\"; the words are Box, Pair",
        "{\"size\":1}|/x/type|missing",
        "[]|/x|expected an object",
      })
  void refusesWithThePlace(String text, String pointer, String detail) {
    Errors errors = new Errors();

    assertThat(WORDS.read(Json.MAPPER.readTree(text), "/x", errors)).isNull();

    try {
      errors.throwIfAny();
    } catch (Problem p) {
      assertThat(p.places()).hasSize(1);
      assertThat(p.places().get(0).pointer()).isEqualTo(pointer);
      assertThat(p.places().get(0).detail()).contains(detail);
      return;
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void describesItselfAsJsonSchema() {
    var box = WORDS.schema().at("/$defs/Box");

    assertThat(box.get("description").stringValue())
        .isEqualTo("torch.Box: https://pytorch.org/docs/stable/generated/torch.Box.html");
    assertThat(box.at("/properties/type/const").stringValue()).isEqualTo("Box");
    assertThat(box.at("/properties/size/minimum").intValue()).isEqualTo(1);
    assertThat(box.at("/properties/rate/exclusiveMinimum").intValue()).isZero();
    assertThat(box.at("/properties/rate/default").doubleValue()).isEqualTo(0.5);
    assertThat(box.at("/properties/dims/type").toString()).isEqualTo("[\"array\",\"null\"]");
    assertThat(box.at("/properties/mode/enum").toString()).isEqualTo("[\"sum\",\"mean\",null]");
    assertThat(box.at("/properties/dims/items/minimum").intValue()).isEqualTo(1);
    assertThat(box.get("required").toString()).isEqualTo("[\"type\",\"size\"]");
    assertThat(box.get("additionalProperties").booleanValue()).isFalse();
  }
}
