import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server of its own on loopback, started again with other settings on the same database. */
final class LoadServer {
  private static final String EPOCH_AT = "\"type\":\"job.epoch\",\"at\":\"([^\"]+)\"";
  private static final double TICKS = 100;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path home;
  private Process process;
  private URI url;

  LoadServer() {
    try {
      home = Cleanup.directory(Files.createTempDirectory("trainyard-load"));
    } catch (IOException e) {
      throw new Load.Failed(e.toString());
    }
  }

  void start(String... arguments) throws IOException, InterruptedException {
    Path log = Files.createTempFile(home, "server", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", System.getProperty("load.jar", "target/trainyard.jar")));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TRAINYARD_HOME", home.toString());
    builder.environment().put("SERVER_PORT", "0");
    builder.environment().put("SERVER_ADDRESS", "127.0.0.1");
    process = Cleanup.child(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (process.isAlive() && System.nanoTime() < deadline) {
      String ready = Text.find(Files.readString(log), "Trainyard is ready on (http:\\S+)");
      if (ready != null) {
        url = URI.create(ready);
        return;
      }
      Thread.sleep(100);
    }
    throw new Load.Failed("the server does not start:\n" + Files.readString(log));
  }

  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      throw new Load.Failed("the server does not stop");
    }
  }

  void restart(String... arguments) throws IOException, InterruptedException {
    stop();
    start(arguments);
  }

  int port() {
    return url.getPort();
  }

  /** The JDBC URL: the embedded database unless the environment names another, as for the server. */
  String database() {
    String configured = System.getenv("SPRING_DATASOURCE_URL");
    return configured == null ? "jdbc:h2:file:" + home + "/db/trainyard" : configured;
  }

  String user() {
    return database().startsWith("jdbc:h2:") ? "sa" : System.getenv("SPRING_DATASOURCE_USERNAME");
  }

  String password() {
    return database().startsWith("jdbc:h2:") ? "" : System.getenv("SPRING_DATASOURCE_PASSWORD");
  }

  String get(String path) throws IOException, InterruptedException {
    return read(http.send(request(path).build(), BodyHandlers.ofString()));
  }

  /** Posts a document and gives the id of what it makes. */
  String post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return Text.find(read(http.send(request, BodyHandlers.ofString())), "\"id\"\\s*:\\s*\"([^\"]+)\"");
  }

  /** Runs a job to its end. */
  String train(String document) throws IOException, InterruptedException {
    return ended(post("/v1/jobs", document));
  }

  String ended(String id) throws IOException, InterruptedException {
    String job = get("/v1/jobs/" + id);
    while (job.contains("\"terminal\":false")) {
      Thread.sleep(100);
      job = get("/v1/jobs/" + id);
    }
    if (!job.contains("\"state\":\"succeeded\"")) {
      throw new Load.Failed("a job did not succeed: " + job);
    }
    return id;
  }

  /** From the end of the first epoch to the end of the last. */
  double epochsPerSecond(String id, int epochs) throws IOException, InterruptedException {
    String path = "/v1/jobs/" + id + "/events?limit=50&after=";
    List<Instant> first = epochs(get(path + 0));
    List<Instant> last = epochs(get(path + (epochs - 20)));
    Duration took = Duration.between(first.get(0), last.get(last.size() - 1));
    return (epochs - 1) / (took.toNanos() / 1e9);
  }

  private static List<Instant> epochs(String events) {
    List<Instant> times = new ArrayList<>();
    Matcher matcher = Pattern.compile(EPOCH_AT).matcher(events);
    while (matcher.find()) {
      times.add(Instant.parse(matcher.group(1)));
    }
    return times;
  }

  /** From {@code queued} to {@code starting}, as the job's own events tell. */
  double waitMillis(String id) throws IOException, InterruptedException {
    String events = get("/v1/jobs/" + id + "/events?limit=2");
    Matcher times = Pattern.compile("\"at\":\"([^\"]+)\"").matcher(events);
    if (!times.find()) {
      throw new Load.Failed("no events: " + events);
    }
    Instant queued = Instant.parse(times.group(1));
    if (!times.find()) {
      throw new Load.Failed("not started: " + events);
    }
    return Duration.between(queued, Instant.parse(times.group(1))).toNanos() / 1e6;
  }

  double cpuSeconds() throws IOException {
    return cpuSeconds(process.pid());
  }

  static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  String memoryAndThreads() throws IOException {
    String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
    double megabytes = Double.parseDouble(Text.find(status, "VmRSS:\\s+(\\d+)")) / 1024;
    return String.format(
        Locale.ROOT, "%.0f MB, %s threads", megabytes, Text.find(status, "Threads:\\s+(\\d+)"));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path))
        .timeout(Duration.ofMinutes(1))
        .header("Accept", path.startsWith("/v1") ? "application/json" : "*/*");
  }

  private static String read(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new Load.Failed(answer.uri() + ": HTTP " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }
}
