package io.trainyard.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.trainyard.runner.protocol.RunCheckpoint;
import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.runner.protocol.RunReport;
import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The server's side of the runner protocol for one job, without a database. */
final class RunServer implements AutoCloseable {
  private static final Pattern PATH = Pattern.compile("/internal/runs/job-(\\d+)(/.*)?");

  final List<RunEvent> events = Collections.synchronizedList(new ArrayList<>());

  /** By number, each recorded once. */
  final List<Epoch> epochs = Collections.synchronizedList(new ArrayList<>());

  /** What epochs that were trained again did not repeat. */
  final List<String> differences = Collections.synchronizedList(new ArrayList<>());

  /** By the end of the path that they were put to. */
  final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** The newest last. */
  final List<RunCheckpoint> checkpoints = Collections.synchronizedList(new ArrayList<>());

  /** What the next reports are answered with. */
  volatile Function<RunServer, RunReply.Command> answer = server -> RunReply.Command.CONTINUE;

  /** The status for a file of a checkpoint that comes; it may wait. */
  volatile Function<String, Integer> taking = path -> 204;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final JsonNode document;
  private volatile int attempt;
  private long lastBatch;

  RunServer(JsonNode document) throws IOException {
    this.document = document;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** Fences the attempt before and gives the environment of the next. */
  synchronized RunnerEnvironment next() {
    attempt++;
    lastBatch = 0;
    return RunnerEnvironment.of(url(), "job-" + attempt, "secret");
  }

  <T extends RunEvent> List<T> events(Class<T> type) {
    return List.copyOf(events).stream().filter(type::isInstance).map(type::cast).toList();
  }

  RunEvent.@Nullable Ended ended() {
    List<RunEvent.Ended> ended = events(RunEvent.Ended.class);
    return ended.isEmpty() ? null : ended.get(ended.size() - 1);
  }

  private void handle(HttpExchange exchange) throws IOException {
    Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
    byte[] body = exchange.getRequestBody().readAllBytes();
    byte[] reply = new byte[0];
    int status = 404;
    if (path.matches()) {
      String rest = path.group(2) == null ? "" : path.group(2);
      String method = exchange.getRequestMethod();
      if (Integer.parseInt(path.group(1)) != attempt) {
        status = 409;
      } else if (method.equals("GET") && rest.isEmpty()) {
        status = 200;
        reply = Json.write(order()).getBytes(UTF_8);
      } else if (method.equals("POST") && rest.equals("/events")) {
        status = 200;
        reply = Json.write(report(Json.MAPPER.readValue(body, RunReport.class))).getBytes(UTF_8);
      } else if (method.equals("PUT")) {
        status = rest.startsWith("/checkpoints/") ? taking.apply(rest) : 204;
        if (status == 204) {
          files.put(rest, body);
        }
      } else if (files.containsKey(rest)) {
        status = 200;
        reply = files.getOrDefault(rest, reply);
      }
    }
    try (exchange) {
      exchange.sendResponseHeaders(status, reply.length == 0 ? -1 : reply.length);
      if (reply.length > 0) {
        exchange.getResponseBody().write(reply);
      }
    }
  }

  private RunOrder order() {
    List<RunCheckpoint> newestFirst = new ArrayList<>(List.copyOf(checkpoints));
    Collections.reverse(newestFirst);
    return new RunOrder("job", attempt, document, null, null, newestFirst);
  }

  private synchronized RunReply report(RunReport report) {
    if (!report.events().isEmpty() && report.batch() > lastBatch) {
      lastBatch = report.batch();
      report.events().forEach(this::take);
    }
    return new RunReply(answer.apply(this));
  }

  private void take(RunEvent event) {
    events.add(event);
    if (event instanceof RunEvent.EpochDone done) {
      int number = done.row().epoch();
      Epoch row = untimed(done.row());
      if (number == epochs.size() + 1) {
        epochs.add(row);
      } else if (number > epochs.size()) {
        differences.add("epoch " + number + " comes after " + epochs.size());
      } else if (!epochs.get(number - 1).equals(row)) {
        differences.add(row + " was before " + epochs.get(number - 1));
      }
    } else if (event instanceof RunEvent.CheckpointDone done) {
      checkpoints.removeIf(c -> c.epoch() == done.epoch());
      checkpoints.add(new RunCheckpoint(done.epoch(), done.row(), done.sha256()));
    }
  }

  private static Epoch untimed(Epoch e) {
    return new Epoch(e.epoch(), e.trainLoss(), e.validationLoss(), e.lr(), 0, 0, e.metrics());
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
