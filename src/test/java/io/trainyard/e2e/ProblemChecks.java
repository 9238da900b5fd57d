package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What every problem must be, whatever it is about. */
final class ProblemChecks {
  private ProblemChecks() {}

  /** Holds a refusal against the document that was refused, if the bytes are one. */
  static void check(Api.Answer answer, byte[] body) {
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    JsonNode problem = answer.json();
    assertThat(problem.get("status").intValue()).isEqualTo(answer.status());
    assertThat(problem.get("detail").stringValue()).isNotBlank().doesNotContain("Exception");
    JsonNode document = parsed(body);
    if (document != null) {
      assertThat(answer.pointers())
          .as(new String(body, StandardCharsets.UTF_8))
          // A fork's errors are of the whole document, of which the request has the changes.
          .allMatch(p -> p.startsWith("/document/") || resolves(document, p));
    }
  }

  private static @Nullable JsonNode parsed(byte[] body) {
    try {
      return body.length == 0 ? null : Json.MAPPER.readTree(body);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** A pointer leads into the document; the last step may be what is missing there. */
  private static boolean resolves(JsonNode document, String pointer) {
    JsonNode place = document;
    String[] steps = pointer.split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      String step = steps[i].replace("~1", "/").replace("~0", "~");
      JsonNode next =
          place.isArray() && step.matches("\\d{1,6}")
              ? place.get(Integer.parseInt(step))
              : place.get(step);
      if (next == null) {
        return i == steps.length - 1 && place.isContainer();
      }
      place = next;
    }
    return true;
  }
}
