import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real server, on a home and a port of its own. */
final class TrainyardServer {
  private static final int SAMPLE_MILLIS = 50;

  /** Seldom enough not to slow down what is measured. */
  private static final int SAMPLES_PER_LOOK = 10;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String url;

  private TrainyardServer(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static TrainyardServer start() throws IOException, InterruptedException {
    Path home = Cleanup.directory(Files.createTempDirectory("trainyard-bench"));
    Path log = home.resolve("bench.log");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder = new ProcessBuilder(java, "-jar", "target/trainyard.jar");
    builder.environment().put("TRAINYARD_HOME", home.toString());
    builder.environment().put("SERVER_PORT", "0");
    builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = Cleanup.child(builder.start());
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (process.isAlive() && System.nanoTime() < deadline) {
      String url = Text.find(Files.readString(log), "Trainyard is ready on (http:\\S+)");
      if (url != null) {
        return new TrainyardServer(process, url);
      }
      Thread.sleep(200);
    }
    throw new Bench.Failed("the server does not start:\n" + Files.readString(log));
  }

  /** Why the server cannot make the model; null if it can. */
  String refusal(Work work) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/v1/jobs?dry_run=true", work.document());
    if (answer.statusCode() == 422 && answer.body().contains("\"/model/layers")) {
      String detail = Text.find(answer.body(), "\"detail\"\\s*:\\s*\"((?:[^\"\\\\;]|\\\\.)*)");
      return detail == null ? answer.body() : detail.replace("\\", "");
    }
    read(answer);
    return null;
  }

  Round.Run train(Work work) throws IOException, InterruptedException {
    String id = Text.find(read(post("/v1/jobs", work.document())), "\"id\"\\s*:\\s*\"([^\"]+)\"");
    String path = "/v1/jobs/" + id;
    PeakMemory memory = new PeakMemory(process.toHandle());
    String job = get(path, "application/json");
    while ("false".equals(Text.find(job, "\"terminal\"\\s*:\\s*(\\w+)"))) {
      for (int i = 0; i < SAMPLES_PER_LOOK; i++) {
        TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
        memory.sample();
      }
      job = get(path, "application/json");
    }
    if (!"succeeded".equals(Text.find(job, "\"state\"\\s*:\\s*\"(\\w+)\""))) {
      throw new Bench.Failed("the job of " + work + " did not succeed: " + job);
    }
    return run(get(path + "/metrics", "text/csv"), work, memory.bytes());
  }

  private static Round.Run run(String csv, Work work, double peakBytes) {
    List<String> lines = csv.lines().toList();
    List<String> columns = List.of(lines.get(0).split(","));
    int seconds = columns.indexOf("duration_seconds");
    double micros =
        Report.median(
            lines.stream()
                .skip(1 + work.skipped())
                .mapToDouble(line -> Double.parseDouble(line.split(",")[seconds]) * 1e6));
    String loss = lines.get(lines.size() - 1).split(",")[columns.indexOf("train_loss")];
    return new Round.Run(micros / work.steps(), Double.parseDouble(loss), peakBytes);
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    request.POST(BodyPublishers.ofString(body)).header("Content-Type", "application/json");
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String get(String path, String type) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    return read(http.send(request.header("Accept", type).build(), BodyHandlers.ofString()));
  }

  private static String read(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new Bench.Failed(answer.uri() + ": HTTP " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }
}
