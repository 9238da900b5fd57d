import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/**
 * Uploads a large CSV file to a server with a small heap and trains on it; then pandas and numpy
 * read the same file. Started by {@code bin/bench --data [ROWS]}.
 */
final class Data {
  private static final int FEATURES = 20;
  private static final List<String> CLASSES = List.of("red", "green", "blue");
  private static final String HEAP = "-Xmx256m";
  private static final int LOOK_MILLIS = 20;

  private final TrainyardServer server;
  private final double megabytes;

  private Data(TrainyardServer server, double megabytes) {
    this.server = server;
    this.megabytes = megabytes;
  }

  public static void main(String[] args) throws InterruptedException {
    int exit = 1;
    try {
      int rows = args.length < 2 ? 1_000_000 : rows(args[1]);
      Path directory = Cleanup.directory(Files.createTempDirectory("trainyard-bench-data"));
      Path plain = directory.resolve("data.csv");
      Path packed = directory.resolve("data.csv.gz");
      write(plain, packed, rows);
      Report.machine();
      double megabytes = Files.size(plain) / 1e6;
      System.out.printf(
          Locale.ROOT,
          "- %d rows of %d numbers and a class: %.0f MB, %.0f MB as gzip; server with %s%n%n",
          rows,
          FEATURES,
          megabytes,
          Files.size(packed) / 1e6,
          HEAP);
      System.out.println("| file | what | seconds | MB/s | processor seconds | peak MB |");
      System.out.println("|---|---|---|---|---|---|");
      Data data = new Data(TrainyardServer.start(HEAP), megabytes);
      for (int round = 1; round <= 2; round++) {
        data.run("CSV", plain, round);
        data.run("gzip", packed, round);
      }
      data.python("CSV", plain);
      data.python("gzip", packed);
      exit = 0;
    } catch (Bench.Failed | IOException e) {
      if (!Cleanup.begun()) {
        System.err.println("bench: " + e);
      }
    }
    System.exit(exit);
  }

  private static int rows(String value) {
    if (!value.matches("[1-9]\\d{0,8}")) {
      throw new Bench.Failed("--data: expected a number of rows, found '" + value + "'");
    }
    return Integer.parseInt(value);
  }

  private void run(String kind, Path file, int round) throws IOException, InterruptedException {
    String name = kind.toLowerCase(Locale.ROOT) + round;
    String spec = "{\"name\": \"%s\", \"format\": \"csv\", \"target\": \"y\"}".formatted(name);
    double processor = server.processorSeconds();
    long start = System.nanoTime();
    server.upload(spec, file);
    line(
        kind,
        "upload: receive, check, profile, store",
        (System.nanoTime() - start) / 1e9,
        server.processorSeconds() - processor,
        server.peakBytes());
    String job =
        """
        {"model": {"layers": [{"type": "Linear", "in_features": %d, "out_features": %d}]},
         "dataset": "%s", "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "SGD", "lr": 0.1},
         "epochs": 1, "batch_size": 10000, "seed": 1}
        """
            .formatted(FEATURES, CLASSES.size(), name);
    // The runner that is kept ready takes the job; another one is started meanwhile.
    List<ProcessHandle> runner = server.handle().children().toList();
    double idle = processorSeconds(runner);
    String path = server.submit(job);
    PeakMemory memory = new PeakMemory(server.handle());
    double loaded = Double.NaN;
    String state = "queued";
    while (!state.equals("succeeded")) {
      memory.sample();
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      state = Text.find(server.get(path), "\"state\"\\s*:\\s*\"(\\w+)\"");
      if (state.equals("running") && Double.isNaN(loaded)) {
        loaded = processorSeconds(runner) - idle;
      } else if (List.of("failed", "cancelled").contains(state)) {
        throw new Bench.Failed("the job " + state + ": " + server.get(path));
      }
    }
    String events = server.get(path + "/events");
    double seconds = seconds(events, "\"phase\":\"loading_data\"", "\"state\":\"running\"");
    line(kind, "the runner's loading", seconds, loaded, memory.bytes());
  }

  private static double processorSeconds(List<ProcessHandle> processes) {
    return processes.stream()
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .mapToDouble(used -> used.toMillis() / 1e3)
        .sum();
  }

  /** From the event with one text to that with another. */
  private static double seconds(String events, String from, String to) {
    Instant begin = null;
    for (String event : events.split("\\},\\s*\\{")) {
      String compact = event.replaceAll("\\s*:\\s*", ":");
      String at = Text.find(event, "\"at\"\\s*:\\s*\"([^\"]+)\"");
      if (at != null && compact.contains(from)) {
        begin = Instant.parse(at);
      } else if (at != null && begin != null && compact.contains(to)) {
        return Duration.between(begin, Instant.parse(at)).toMillis() / 1e3;
      }
    }
    throw new Bench.Failed("the job did not begin to train: " + events);
  }

  private void python(String kind, Path file) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(System.getenv("BENCH_PYTHON"), "bench/read_csv.py", file.toString());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = Cleanup.child(builder.start());
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new Bench.Failed("read_csv.py failed");
    }
    for (String reading : out.lines().toList()) {
      String[] cells = reading.split("\t");
      line(
          kind,
          cells[0],
          Double.parseDouble(cells[1]),
          Double.parseDouble(cells[2]),
          Double.NaN);
    }
  }

  private void line(String kind, String what, double seconds, double processor, double peak) {
    System.out.println(
        "| %s | %s | %s | %s | %s | %s |"
            .formatted(
                kind,
                what,
                number("%.2f", seconds),
                number("%.0f", megabytes / seconds),
                number("%.2f", processor),
                number("%.0f", peak / (1 << 20))));
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }

  private static void write(Path plain, Path packed, int rows) throws IOException {
    Random random = new Random(1);
    try (BufferedWriter out = Files.newBufferedWriter(plain)) {
      for (int i = 0; i < FEATURES; i++) {
        out.write("x" + i + ",");
      }
      out.write("y\n");
      StringBuilder line = new StringBuilder();
      for (int row = 0; row < rows; row++) {
        line.setLength(0);
        for (int i = 0; i < FEATURES; i++) {
          // Six digits after the point, as printing by %.6f gives, which takes a minute here.
          long millionths = Math.round(random.nextGaussian() * 1e6);
          String digits = Long.toString(1_000_000 + Math.abs(millionths) % 1_000_000);
          line.append(millionths < 0 ? "-" : "").append(Math.abs(millionths) / 1_000_000);
          line.append('.').append(digits, 1, 7).append(',');
        }
        out.append(line.append(CLASSES.get(random.nextInt(CLASSES.size()))).append('\n'));
      }
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed), 1 << 16)) {
      Files.copy(plain, out);
    }
  }
}
