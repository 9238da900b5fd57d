package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Input that is made to have the server do something else than it says. */
@ExtendWith(SharedServer.class)
class HostileInputIT {
  private static final String JOB =
      """
      {"model": {"layers": [{"type": "Linear", "in_features": 4, "out_features": 3}]}, "dataset": %s,
       "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "SGD", "lr": 0.1}, "epochs": 1}""";

  /** A whole exchange, byte for byte: a client of Java refuses to send such requests. */
  static String raw(Api api, String request) throws IOException {
    URI url = URI.create(api.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              (request + "Host: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String headers(String answer) {
    return answer.substring(0, answer.indexOf("\r\n\r\n"));
  }

  @Test
  void nothingOfARequestBecomesAHeader(Api api) throws IOException {
    String job = api.submit(Api.shortJob("headers"));
    api.ended(job);
    String injected = "%0d%0aX-Injected:%20yes%0d%0a%0d%0a<script>";
    for (String path :
        List.of(
            "/v1/jobs/" + job + "/artifacts/" + injected,
            "/v1/jobs/" + injected,
            "/v1/jobs/" + job + "/events?after=" + injected,
            "/v1/jobs?after=" + injected,
            "/v1/models/" + injected,
            "/v1/datasets/" + injected + "/histograms",
            "/docs" + injected,
            "/" + injected)) {
      String answer = raw(api, "GET " + path + " HTTP/1.1\r\n");

      assertThat(headers(answer)).as(path).startsWith("HTTP/1.1 ").doesNotContain("X-Injected");
      assertThat(answer.substring(9, 12)).as(path).isIn("200", "400", "404");
    }
    api.delete("/v1/jobs/" + job).expect(204);
  }

  @Test
  void aHeadersValueWithALineBreakIsNoValue(Api api) throws IOException {
    String answer =
        raw(
            api,
            "GET /v1/jobs/job_nothing/events HTTP/1.1\r\n"
                + "Accept: text/event-stream\r\nLast-Event-ID: 1\u0000\nX-Injected: yes\r\n");

    assertThat(headers(answer)).startsWith("HTTP/1.1 4").doesNotContain("X-Injected");
  }

  @Test
  void aUrlOrAPathIsNoDataset(Api api) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + listener.getLocalPort() + "/data.csv";
      for (String place : List.of(url, "file:///etc/passwd", "/etc/passwd", "../../etc/passwd")) {
        api.post("/v1/jobs", JOB.formatted("\"" + place + "\"")).expect(422);
        for (String member : List.of("url", "path", "file", "source")) {
          String document =
              """
              {"type": "synthetic", "name": "remote", "samples": 3, "input_shape": [4], "classes": 3, "%s": "%s"}"""
                  .formatted(member, place);
          assertThat(api.post("/v1/datasets", document).expect(422).pointers())
              .containsExactly("/" + member);
          assertThat(api.post("/v1/jobs", JOB.formatted(document)).expect(422).pointers())
              .contains("/dataset/" + member);
        }
        String spec =
            "{\"name\": \"remote\", \"format\": \"csv\", \"target\": \"y\", \"url\": \""
                + place
                + "\"}";
        byte[] file = "x,y\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);
        assertThat(api.upload(spec, file).expect(422).pointers()).containsExactly("/url");
      }
      listener.setSoTimeout(200);
      try (Socket caller = listener.accept()) {
        throw new AssertionError("the server called " + caller);
      } catch (SocketTimeoutException e) {
        assertThat(e).hasMessageContaining("timed out");
      }
    }
  }
}
