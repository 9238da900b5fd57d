package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Names of requests in answers and problems. */
@ExtendWith(SharedServer.class)
class RequestIdIT {
  private static final String HEADER = "X-Request-Id";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void anAnswerBearsTheGivenName(Api api) {
    assertThat(api.get("/v1/jobs", HEADER, "mine-1").expect(200).header(HEADER))
        .isEqualTo("mine-1");
    assertThat(api.get("/index.html", HEADER, "mine-2").expect(200).header(HEADER))
        .isEqualTo("mine-2");
    assertThat(api.get("/actuator/health", HEADER, "mine-3").expect(200).header(HEADER))
        .isEqualTo("mine-3");
  }

  @Test
  void aProblemBearsTheNamesOfItsRequest(Api api) {
    Api.Answer answer =
        api.get(
            "/v1/jobs/job_nothing",
            HEADER,
            "mine-4",
            "traceparent",
            "00-" + TRACE + "-00f067aa0ba902b7-01");
    JsonNode problem = answer.expect(404).json();

    assertThat(problem.get("request_id").stringValue()).isEqualTo("mine-4");
    assertThat(problem.get("trace_id").stringValue()).isEqualTo(TRACE);
  }

  @Test
  void withoutANameItGetsOneThatIsNewEachTime(Api api) {
    Api.Answer first = api.get("/v1/jobs?limit=0").expect(400);
    Api.Answer second = api.get("/v1/jobs?limit=0").expect(400);

    assertThat(first.header(HEADER)).matches("[0-9a-f]{32}").isNotEqualTo(second.header(HEADER));
    assertThat(first.json().get("request_id").stringValue()).isEqualTo(first.header(HEADER));
    assertThat(first.json().get("trace_id"))
        .as("of this thread's former request")
        .isNotEqualTo(second.json().get("trace_id"));
  }

  /** As no HTTP client would send it; control characters the container refuses itself. */
  @Test
  void aNameThatWouldForgeALineOrAHeaderIsReplaced(Api api) throws IOException {
    URI url = URI.create(api.url());
    String name = "a %0d%0a\tERROR forged \u0085 line";
    String answer;
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      OutputStream out = socket.getOutputStream();
      String request =
          "GET /v1/nothing HTTP/1.0\r\nHost: a\r\n" + HEADER + ": " + name + "\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    assertThat(answer).doesNotContain("forged");
    assertThat(answer).containsPattern("X-Request-Id: [0-9a-f]{32}\r\n");
  }
}
