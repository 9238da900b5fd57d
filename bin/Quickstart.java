import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Trains the iris example on a running server and shows every epoch as it happens. A client with
 * nothing but the JDK: {@code java bin/Quickstart.java http://127.0.0.1:8080}, from the project's
 * directory.
 */
public final class Quickstart {
  private static final Path EXAMPLES = Path.of("examples");
  private static final String JSON = "application/json";
  private static final int RECONNECTS = 5;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String server;
  private String lastEventId = "";
  private Map<String, Object> job = Map.of();
  private Map<String, Object> lastEpoch = Map.of();

  private Quickstart(String server) {
    this.server = server;
  }

  /** The server's answer is not what the example needs. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Exits with 0 if the job succeeded, 1 if it did not, 2 if the server refused, 3 if it is gone.
   */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 1) {
      System.err.println("usage: java bin/Quickstart.java http://HOST:PORT");
      System.exit(2);
    }
    int exit;
    try {
      exit = new Quickstart(args[0].replaceAll("/+$", "")).run();
    } catch (Refused e) {
      System.err.println("quickstart: " + e.getMessage());
      exit = 2;
    } catch (IOException e) {
      System.err.println("quickstart: no answer from " + args[0] + ": " + e);
      exit = 3;
    }
    System.exit(exit);
  }

  private int run() throws IOException, InterruptedException, Refused {
    createUnlessThere("dataset", "/v1/datasets", "iris", datasetUpload());
    createUnlessThere("model", "/v1/models", "iris-mlp", json("iris-model.json"));
    job = read(send(json("iris-job.json").uri(uri("/v1/jobs")).build()));
    String path = "/v1/jobs/" + job.get("id");
    System.out.println("Job " + job.get("id") + " is " + job.get("state"));
    for (int failures = 0; !Boolean.TRUE.equals(job.get("terminal")); ) {
      try {
        follow(path);
        job = read(send(HttpRequest.newBuilder(uri(path)).build()));
        failures = 0;
      } catch (IOException | UncheckedIOException e) {
        if (++failures > RECONNECTS) {
          throw new IOException(e);
        }
        Thread.sleep(1000);
      }
    }
    return report(path);
  }

  /** A second run on the same server goes on with what the first has left. */
  private void createUnlessThere(String what, String path, String name, HttpRequest.Builder request)
      throws IOException, InterruptedException, Refused {
    HttpResponse<String> there = send(HttpRequest.newBuilder(uri(path + "/" + name)).build());
    boolean missing = there.statusCode() == 404;
    Map<String, Object> made = read(missing ? send(request.uri(uri(path)).build()) : there);
    String size =
        made.containsKey("rows")
            ? made.get("rows") + " rows"
            : made.get("parameters") + " parameters";
    String done = missing ? "Created " : "Found ";
    System.out.println(done + what + " " + name + " (" + made.get("id") + ", " + size + ")");
  }

  private static HttpRequest.Builder json(String file) throws IOException {
    BodyPublisher body = BodyPublishers.ofFile(EXAMPLES.resolve(file));
    return HttpRequest.newBuilder().POST(body).header("Content-Type", JSON);
  }

  private HttpRequest.Builder datasetUpload() throws IOException {
    String boundary = "quickstart-" + System.nanoTime();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    part(body, boundary, "name=\"spec\"", JSON, "iris-dataset.json");
    part(body, boundary, "name=\"file\"; filename=\"iris.csv\"", "text/csv", "iris.csv");
    body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder()
        .POST(BodyPublishers.ofByteArray(body.toByteArray()))
        .header("Content-Type", "multipart/form-data; boundary=" + boundary);
  }

  private static void part(
      ByteArrayOutputStream body, String boundary, String disposition, String type, String file)
      throws IOException {
    String head = "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition;
    String headers = head + "\r\nContent-Type: " + type + "\r\n\r\n";
    body.writeBytes(headers.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(Files.readAllBytes(EXAMPLES.resolve(file)));
    body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the job's server-sent events from after the last one seen until the stream ends. */
  private void follow(String path) throws IOException, InterruptedException, Refused {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path + "/events")).header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> answer = http.send(request.build(), BodyHandlers.ofLines());
    if (answer.statusCode() == 204) {
      return;
    }
    if (answer.statusCode() != 200) {
      throw new Refused("the events of the job: HTTP " + answer.statusCode());
    }
    try (Stream<String> lines = answer.body()) {
      String id = "";
      StringBuilder data = new StringBuilder();
      for (Iterator<String> it = lines.iterator(); it.hasNext(); ) {
        String line = it.next();
        if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("data:")) {
          data.append(line.substring(5)).append('\n');
        } else if (line.isEmpty() && data.length() > 0) {
          show(Json.object(Json.parse(data.toString())));
          lastEventId = id;
          data.setLength(0);
        }
      }
    }
  }

  private void show(Map<String, Object> event) {
    switch (String.valueOf(event.get("type"))) {
      case "job.epoch" -> {
        lastEpoch = event;
        System.out.println("Epoch " + event.get("epoch") + "/" + job.get("epochs") + numbers(event));
      }
      case "job.warning" -> System.out.println("Warning: " + event.get("detail"));
      default -> {}
    }
  }

  private static String numbers(Map<String, Object> row) {
    StringBuilder text = new StringBuilder(number("  loss %.4f", row.get("train_loss")));
    text.append(number("  val %.4f", row.get("validation_loss")));
    Json.object(row.get("metrics"))
        .forEach((name, value) -> text.append(number("  " + name + " %.3f", value)));
    return text.toString();
  }

  private static String number(String format, Object value) {
    return value instanceof Number n ? String.format(Locale.ROOT, format, n.doubleValue()) : "";
  }

  private int report(String path) {
    String reason = job.get("reason") == null ? "" : " (" + job.get("reason") + ")";
    String seconds = "";
    if (job.get("started_at") instanceof String from
        && job.get("finished_at") instanceof String to) {
      long millis = Duration.between(Instant.parse(from), Instant.parse(to)).toMillis();
      seconds = String.format(Locale.ROOT, " in %.1f s", millis / 1000.0);
    }
    System.out.println("Job " + job.get("state") + reason + seconds + numbers(lastEpoch));
    if (job.get("error") != null) {
      System.out.println("Error: " + Json.object(job.get("error")).get("detail"));
    }
    String url = server + path;
    System.out.println("\njob         " + url);
    System.out.println("metrics     curl -H 'Accept: text/csv' " + url + "/metrics");
    System.out.println("events      curl -H 'Accept: text/event-stream' " + url + "/events");
    System.out.println("logs        " + url + "/logs");
    System.out.println("artifacts   " + url + "/artifacts");
    System.out.println("prometheus  " + server + "/actuator/prometheus");
    System.out.println("docs        " + server + "/docs");
    return "succeeded".equals(job.get("state")) ? 0 : 1;
  }

  private URI uri(String path) {
    return URI.create(server + path);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofString());
  }

  private static Map<String, Object> read(HttpResponse<String> answer) throws Refused {
    if (answer.statusCode() / 100 != 2) {
      String call = answer.request().method() + " " + answer.uri().getPath();
      throw new Refused(call + ": HTTP " + answer.statusCode() + " " + answer.body());
    }
    return Json.object(Json.parse(answer.body()));
  }

  /** As much of a JSON reader as a client needs that trusts the server. */
  private static final class Json {
    private final String text;
    private int at;

    private Json(String text) {
      this.text = text;
    }

    static Object parse(String text) {
      return new Json(text).value();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
      return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private Object value() {
      char c = peek();
      if (c == '{') {
        Map<String, Object> map = new LinkedHashMap<>();
        for (at++; peek() != '}'; skip(',')) {
          String name = string();
          skip(':');
          map.put(name, value());
        }
        at++;
        return map;
      }
      if (c == '[') {
        List<Object> list = new ArrayList<>();
        for (at++; peek() != ']'; skip(',')) {
          list.add(value());
        }
        at++;
        return list;
      }
      return c == '"' ? string() : word();
    }

    private String string() {
      StringBuilder out = new StringBuilder();
      peek();
      for (at++; text.charAt(at) != '"'; at++) {
        char c = text.charAt(at);
        if (c == '\\') {
          c = text.charAt(++at);
          int code = "bfnrt".indexOf(c);
          if (c == 'u') {
            c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
            at += 4;
          } else if (code >= 0) {
            c = "\b\f\n\r\t".charAt(code);
          }
        }
        out.append(c);
      }
      at++;
      return out.toString();
    }

    private Object word() {
      int from = at;
      while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String word = text.substring(from, at);
      return switch (word) {
        case "null" -> null;
        case "true" -> Boolean.TRUE;
        case "false" -> Boolean.FALSE;
        default -> word.matches("-?\\d{1,18}") ? (Object) Long.valueOf(word) : Double.valueOf(word);
      };
    }

    private char peek() {
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return text.charAt(at);
    }

    private void skip(char separator) {
      if (peek() == separator) {
        at++;
      }
    }
  }
}
