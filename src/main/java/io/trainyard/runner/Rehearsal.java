package io.trainyard.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.trainyard.datasets.CsvDescriptor;
import io.trainyard.datasets.CsvSpec;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.training.TrainingEngine;
import io.trainyard.training.TrainingFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A whole attempt of a small job against a server in this process, so that the classes and the
 * native library are loaded, and what runs often is compiled, when a job comes. It leaves no trace
 * in one: every job seeds torch's generator anew.
 */
final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
  private static final String JOB =
      """
      {"model": {"layers": [{"type": "Linear", "in_features": 2, "out_features": 4}, {"type": "ReLU"},
         {"type": "Linear", "in_features": 4, "out_features": 2}]},
       "dataset": "ds_rehearsal", "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam"},
       "validation": {"fraction": 0.25}, "metrics": ["accuracy"],
       "epochs": 20, "batch_size": 4, "shuffle": true, "seed": 0}
      """;
  private static final byte[] ROWS =
      "a,b,y\n1,2,no\n2,3.5,yes\n3,-1,no\n4,1e3,yes\n".getBytes(StandardCharsets.US_ASCII);

  /** After so many the JVMs at both ends have compiled most of what a request takes. */
  private static final int REQUESTS = 200;

  private Rehearsal() {}

  /**
   * Rehearses, and makes requests to the server that will give the job.
   *
   * @param called whether the job is there: it should not wait for more of this
   */
  static void run(TrainingEngine engine, URI trueServer, BooleanSupplier called)
      throws InterruptedException {
    try {
      if (!called.getAsBoolean()) {
        attempt(engine);
      }
      for (int i = 0; i < REQUESTS && !called.getAsBoolean(); i++) {
        ServerConnection.greet(trueServer);
      }
    } catch (TrainingFailure | IOException e) {
      // A job will meet the same and report it with its place.
      LOG.warn("the runner could not warm up: {}", e.toString());
    }
  }

  private static void attempt(TrainingEngine engine)
      throws IOException, InterruptedException, TrainingFailure {
    // A body would else wait for the acknowledgement of its headers, which takes its time.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] order = Json.MAPPER.writeValueAsBytes(order());
    byte[] go = Json.MAPPER.writeValueAsBytes(new RunReply(RunReply.Command.CONTINUE));
    server.createContext("/", exchange -> answer(exchange, order, go));
    server.start();
    try {
      attempt(engine, server.getAddress());
    } finally {
      server.stop(0);
    }
  }

  private static void attempt(TrainingEngine engine, InetSocketAddress address)
      throws IOException, InterruptedException, TrainingFailure {
    URI uri = URI.create("http://127.0.0.1:" + address.getPort());
    String line = RunnerEnvironment.of(uri, "rehearsal", "none").line();
    ServerConnection server = new ServerConnection(RunnerEnvironment.parse(line), Duration.ZERO);
    Reporter reporter = new Reporter(server, Duration.ZERO);
    RunOrder order = server.order();
    reporter.start();
    RunEvent.Ended end = new Attempt(server, reporter, engine, StopSignal.none()).run(order);
    reporter.end(Objects.requireNonNull(end));
  }

  private static RunOrder order() throws IOException {
    Path file = Files.createTempFile(Path.of(""), "rehearsal", ".csv");
    try {
      Files.write(file, ROWS);
      JsonNode spec =
          Json.MAPPER.readTree("{\"name\": \"w\", \"format\": \"csv\", \"target\": \"y\"}");
      CsvDescriptor descriptor =
          CsvDescriptor.of(Objects.requireNonNull(CsvSpec.read(spec, "", new Errors())), file);
      return new RunOrder(
          "rehearsal", 1, Json.MAPPER.readTree(JOB), Json.tree(descriptor), null, List.of());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void answer(HttpExchange exchange, byte[] order, byte[] go) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    byte[] get = path.endsWith("/dataset") ? ROWS : order;
    byte[] body = exchange.getRequestMethod().equals("GET") ? get : go;
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
