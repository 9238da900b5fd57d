import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains an example on a running server and shows every epoch as it happens: {@code java -cp
 * 'target/lib/*' bin/Quickstart.java http://127.0.0.1:8080 [NAME]}, from the project's directory. It
 * needs Jackson from the build, and is no part of it.
 *
 * <p>An example is {@code NAME-job.json}, with {@code NAME-dataset.json} and a CSV file, and {@code
 * NAME-model.json}, where the job does not have them inline.
 */
public final class Quickstart {
  private static final Path EXAMPLES = Path.of("examples");
  private static final String JSON = "application/json";
  private static final int RECONNECTS = 5;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String server;
  private final String example;

  /** Epochs from 0, as the loops in PyTorch's tutorials print them. */
  private final boolean asTorch;

  private String lastEventId = "";
  private Map<String, Object> job = Map.of();
  private Map<String, Object> lastEpoch = Map.of();

  private Quickstart(String server, String example, boolean asTorch) {
    this.server = server;
    this.example = example;
    this.asTorch = asTorch;
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
    if (args.length == 0 || args.length > 2) {
      System.err.println(
          "usage: java -cp 'target/lib/*' bin/Quickstart.java http://HOST:PORT [EXAMPLE]");
      System.exit(2);
    }
    int exit;
    try {
      String server = args[0].replaceAll("/+$", "");
      boolean named = args.length == 2;
      exit = new Quickstart(server, named ? args[1] : "iris", named).run();
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
    Path dataset = EXAMPLES.resolve(example + "-dataset.json");
    if (Files.exists(dataset)) {
      createUnlessThere("dataset", "/v1/datasets", dataset, datasetUpload(dataset));
    }
    Path model = EXAMPLES.resolve(example + "-model.json");
    if (Files.exists(model)) {
      createUnlessThere("model", "/v1/models", model, json(model));
    }
    Path document = EXAMPLES.resolve(example + "-job.json");
    job = read(send(json(document).uri(uri("/v1/jobs")).build()));
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
  private void createUnlessThere(String what, String path, Path file, HttpRequest.Builder request)
      throws IOException, InterruptedException, Refused {
    Object name = parse(Files.readString(file)).get("name");
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

  private static HttpRequest.Builder json(Path file) throws IOException {
    BodyPublisher body = BodyPublishers.ofFile(file);
    return HttpRequest.newBuilder().POST(body).header("Content-Type", JSON);
  }

  private HttpRequest.Builder datasetUpload(Path spec) throws IOException {
    Path csv = EXAMPLES.resolve(example + ".csv");
    Path rows = Files.exists(csv) ? csv : EXAMPLES.resolve(example + ".csv.gz");
    String boundary = "quickstart-" + System.nanoTime();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    part(body, boundary, "name=\"spec\"", JSON, spec);
    String file = "name=\"file\"; filename=\"" + rows.getFileName() + "\"";
    part(body, boundary, file, "application/octet-stream", rows);
    body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder()
        .POST(BodyPublishers.ofByteArray(body.toByteArray()))
        .header("Content-Type", "multipart/form-data; boundary=" + boundary);
  }

  private static void part(
      ByteArrayOutputStream body, String boundary, String disposition, String type, Path file)
      throws IOException {
    String head = "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition;
    String headers = head + "\r\nContent-Type: " + type + "\r\n\r\n";
    body.writeBytes(headers.getBytes(StandardCharsets.UTF_8));
    body.writeBytes(Files.readAllBytes(file));
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
          show(parse(data.toString()));
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
        System.out.println(asTorch ? torchLine(event) : line(event));
      }
      case "job.warning" -> System.out.println("Warning: " + event.get("detail"));
      default -> {}
    }
  }

  private String line(Map<String, Object> epoch) {
    return "Epoch " + epoch.get("epoch") + "/" + job.get("epochs") + numbers(epoch);
  }

  /** Rounded as Python rounds: the number's exact value, a half to the even digit. */
  private static String torchLine(Map<String, Object> epoch) {
    int fromZero = ((Number) epoch.get("epoch")).intValue() - 1;
    BigDecimal loss = new BigDecimal(((Number) epoch.get("train_loss")).doubleValue());
    String rounded = loss.setScale(4, RoundingMode.HALF_EVEN).toPlainString();
    return "Epoch:" + fromZero + ", Loss:" + rounded + validation(epoch);
  }

  private static String numbers(Map<String, Object> row) {
    return number("  loss %.4f", row.get("train_loss")) + validation(row);
  }

  private static String validation(Map<String, Object> row) {
    StringBuilder text = new StringBuilder(number("  val %.4f", row.get("validation_loss")));
    object(row.get("metrics"))
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
      System.out.println("Error: " + object(job.get("error")).get("detail"));
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
    return parse(answer.body());
  }

  private static Map<String, Object> parse(String json) {
    return MAPPER.readValue(json, new TypeReference<>() {});
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
