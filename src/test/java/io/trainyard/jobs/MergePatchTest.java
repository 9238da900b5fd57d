package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** The examples of RFC 7396, appendix A, of objects. */
class MergePatchTest {
  private static ObjectNode object(String text) {
    return (ObjectNode) Json.MAPPER.readTree(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          {"a":"b"}             | {"a":"c"}                | {"a":"c"}
          {"a":"b"}             | {"b":"c"}                | {"a":"b","b":"c"}
          {"a":"b"}             | {"a":null}               | {}
          {"a":"b","b":"c"}     | {"a":null}               | {"b":"c"}
          {"a":["b"]}           | {"a":"c"}                | {"a":"c"}
          {"a":"c"}             | {"a":["b"]}              | {"a":["b"]}
          {"a":{"b":"c"}}       | {"a":{"b":"d","c":null}} | {"a":{"b":"d"}}
          {"a":[{"b":"c"}]}     | {"a":[1]}                | {"a":[1]}
          {"e":null}            | {"a":1}                  | {"e":null,"a":1}
          {}                    | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
          """)
  void changesWhatIsNamed(String target, String patch, String result) {
    ObjectNode before = object(target);

    assertThat(MergePatch.apply(before, object(patch))).isEqualTo(object(result));
    assertThat(before).as("the target itself stays").isEqualTo(object(target));
  }
}
