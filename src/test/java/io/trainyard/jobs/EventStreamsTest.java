package io.trainyard.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.CountingDataSource;
import io.trainyard.TrainyardApplication;
import io.trainyard.jobs.web.EventStreams;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestConstructor;

/** Many readers of one job, over a real Tomcat that would wait long for those who do not read. */
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
@SpringBootTest(
    classes = {TrainyardApplication.class, CountedService.class},
    properties = {"trainyard.runner.slots=0", "server.tomcat.connection-timeout=10m"},
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class EventStreamsTest {
  private static final int EPOCHS = 20_000;

  /** queued, starting, running, and the end. */
  private static final int STATES = 4;

  @TempDir private static Path home;

  private final CountingDataSource database;
  private final CountedService.Client client;
  private final EventStreams streams;

  EventStreamsTest(
      @Qualifier("dataSource") CountingDataSource database,
      CountedService.Client client,
      EventStreams streams) {
    this.database = database;
    this.client = client;
    this.streams = streams;
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("trainyard.home", home::toString);
  }

  private HttpRequest request(String job, long after) {
    return HttpRequest.newBuilder(client.url().resolve("/v1/jobs/" + job + "/events"))
        .header("Accept", "text/event-stream")
        .header("Last-Event-ID", Long.toString(after))
        .build();
  }

  /** The ids of a stream, once it has ended. */
  private CompletableFuture<List<Long>> ids(String job, long after) {
    return CountedService.Client.HTTP
        .sendAsync(request(job, after), BodyHandlers.ofLines())
        .thenApplyAsync(EventStreamsTest::ids);
  }

  private static List<Long> ids(HttpResponse<java.util.stream.Stream<String>> response) {
    return response
        .body()
        .filter(line -> line.startsWith("id:"))
        .map(line -> Long.parseLong(line.substring(3)))
        .toList();
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private long logReads() {
    return database.statements().stream().filter(sql -> sql.contains("from job_events")).count();
  }

  @Test
  void theLogIsReadOnceForAllReaders() throws Exception {
    String job = client.submit("many");
    JobRuns.Claim claim = client.begin();
    List<CompletableFuture<List<Long>>> readers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      readers.add(ids(job, 0));
    }
    Awaitility.await().until(() -> streams.subscribers() == 60);
    database.reset();
    client.epochs(claim, 0, 300);
    client.end(claim);

    for (CompletableFuture<List<Long>> reader : readers) {
      assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(range(1, 300 + STATES));
    }
    // Two changes, and perhaps the first reading of the feed.
    assertThat(logReads()).isLessThanOrEqualTo(3);
  }

  @Test
  void readersThatDoNotReadHoldUpNobody() throws Exception {
    String job = client.submit("stalled");
    JobRuns.Claim claim = client.begin();
    List<Socket> stalled = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      stalled.add(stall(job));
    }
    Awaitility.await().until(() -> streams.subscribers() == 30);
    HttpResponse<InputStream> late =
        CountedService.Client.HTTP.send(request(job, 0), BodyHandlers.ofInputStream());
    CompletableFuture<List<Long>> reader = ids(job, 0);
    report(claim, 0, EPOCHS / 2);
    CompletableFuture<List<Long>> second = ids(job, 777);
    report(claim, EPOCHS / 2, EPOCHS);
    client.end(claim);

    assertThat(reader.get(90, TimeUnit.SECONDS)).isEqualTo(range(1, EPOCHS + STATES));
    assertThat(second.get(90, TimeUnit.SECONDS)).isEqualTo(range(778, EPOCHS + STATES));
    assertThat(reader(late.body())).isEqualTo(range(1, EPOCHS + STATES));
    assertThat(streams.subscribers()).isEqualTo(30);
    for (Socket socket : stalled) {
      socket.close();
    }
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> streams.subscribers() == 0);
  }

  private void report(JobRuns.Claim claim, int from, int to) {
    for (int epoch = from; epoch < to; epoch += 400) {
      client.epochs(claim, epoch, 400);
    }
  }

  /** A reader that asks and then never reads. */
  private Socket stall(String job) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(client.url().getHost(), client.url().getPort()));
    String request =
        "GET /v1/jobs/%s/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
            .formatted(job);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static List<Long> reader(InputStream body) throws IOException {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("id:"))
          .map(line -> Long.parseLong(line.substring(3)))
          .toList();
    }
  }
}
