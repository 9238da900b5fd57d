import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Starts with some options of the JVM. */
  static TrainyardServer start(String... options) throws IOException, InterruptedException {
    Path home = Cleanup.directory(Files.createTempDirectory("trainyard-bench"));
    Path log = home.resolve("bench.log");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", "target/trainyard.jar"));
    ProcessBuilder builder = new ProcessBuilder(command);
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
    String path = submit(work.document());
    PeakMemory memory = new PeakMemory(handle());
    String job = get(path);
    while ("false".equals(Text.find(job, "\"terminal\"\\s*:\\s*(\\w+)"))) {
      for (int i = 0; i < SAMPLES_PER_LOOK; i++) {
        TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
        memory.sample();
      }
      job = get(path);
    }
    if (!"succeeded".equals(Text.find(job, "\"state\"\\s*:\\s*\"(\\w+)\""))) {
      throw new Bench.Failed("the job of " + work + " did not succeed: " + job);
    }
    return run(get(path + "/metrics", "text/csv"), work, memory.bytes());
  }

  /** Returns the job's path. */
  String submit(String document) throws IOException, InterruptedException {
    String job = read(post("/v1/jobs", document));
    return "/v1/jobs/" + Text.find(job, "\"id\"\\s*:\\s*\"([^\"]+)\"");
  }

  void upload(String spec, Path file) throws IOException, InterruptedException {
    String boundary = "------trainyard-bench";
    String head =
        "--%1$s\r\nContent-Disposition: form-data; name=\"spec\"\r\n\r\n%2$s\r\n--%1$s\r\n"
                .formatted(boundary, spec)
            + "Content-Disposition: form-data; name=\"file\"; filename=\"data\"\r\n\r\n";
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/v1/datasets"));
    request.header("Content-Type", "multipart/form-data; boundary=" + boundary);
    request.POST(
        BodyPublishers.concat(
            BodyPublishers.ofString(head),
            BodyPublishers.ofFile(file),
            BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")));
    read(http.send(request.build(), BodyHandlers.ofString()));
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** What the server, without its runners, has used so far. */
  double processorSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  /** The largest resident set of the server, without its runners. */
  double peakBytes() throws IOException {
    String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
    return Text.number(status.replace("VmHWM:", "\"VmHWM\":"), "VmHWM") * 1024;
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

  String get(String path) throws IOException, InterruptedException {
    return get(path, "application/json");
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
