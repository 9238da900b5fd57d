package io.trainyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A server without keys is this machine's alone, also for browsers. */
@ExtendWith(SharedServer.class)
class LoopbackIT {

  @Test
  void withoutKeysItDoesNotListenToOthers(@TempDir Path home) {
    assertThatThrownBy(() -> ServerProcess.start(home, "--server.address=0.0.0.0"))
        .hasMessageContaining("the server died")
        .hasMessageContaining("anybody could use it")
        .hasMessageContaining("trainyard.access.anonymous=true")
        .hasMessageNotContaining("\tat ");
  }

  @Test
  void pagesOfOtherSitesChangeNothing(Api api) {
    for (String[] headers :
        new String[][] {
          {"Origin", "http://other.example"},
          {"Origin", "null"},
          {"Sec-Fetch-Site", "cross-site", "Origin", api.url()},
        }) {
      assertThat(
              api.send("POST", "/v1/jobs/none/cancel", BodyPublishers.noBody(), headers)
                  .expect(403)
                  .json()
                  .get("code")
                  .stringValue())
          .isEqualTo("forbidden");
      api.get("/v1/jobs", headers).expect(200);
    }
    api.send("POST", "/v1/jobs/none/cancel", BodyPublishers.noBody(), "Origin", api.url())
        .expect(404);
  }

  @Test
  void aNameThatIsNotThisMachinesIsNotAnswered(Api api) throws IOException {
    assertThat(statusFor(api, "rebound.example")).isEqualTo("403");
    assertThat(statusFor(api, "localhost:1")).isEqualTo("200");
    assertThat(statusFor(api, "[::1]")).isEqualTo("200");
  }

  /** By hand, as Java's client does not let one choose the host. */
  private static String statusFor(Api api, String host) throws IOException {
    URI url = URI.create(api.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String request =
          "GET /v1/jobs HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).split(" ")[1];
    }
  }
}
