import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Puts the service under load and prints what it does then. Started by {@code bin/load}.
 *
 * <p>Each part measures a server of its own process, on loopback, with bounded work.
 */
final class Load {
  private static final int POSTS = 4000;
  private static final int GETS = 8000;
  private static final int LISTS = 400;
  private static final int CLIENTS = 4;
  private static final int EPOCHS = 20_000;
  private static final int WATCHERS = 100;
  private static final int WARM_UPS = 6;
  private static final int WAITS = 15;
  private static final int STARTS = 31;
  private static final List<String> PARTS =
      List.of("start", "predictions", "watched", "readers", "requests");

  private final LoadServer server = new LoadServer();
  private int rounds = 3;
  private int readers = 1000;
  private int jobs = 100_000;
  private List<String> parts = PARTS;

  private Load(String[] args) {
    for (int i = 0; i < args.length; i += 2) {
      String value = i + 1 < args.length ? args[i + 1] : "";
      switch (args[i]) {
        case "--rounds" -> rounds = number(args[i], value, 20);
        case "--readers" -> readers = number(args[i], value, 5000);
        case "--only" -> parts = parts(value);
        case "--jobs" -> jobs = number(args[i], value, 1_000_000);
        default -> throw new Failed("unknown argument '" + args[i] + "'; see bin/load --help");
      }
    }
  }

  private static List<String> parts(String names) {
    List<String> parts = List.of(names.split(","));
    if (!PARTS.containsAll(parts)) {
      throw new Failed("--only: expected some of " + String.join(",", PARTS));
    }
    return parts;
  }

  /** Something is missing or went wrong; the message is for who started the program. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /** Exits with 0 if every request was answered and every reader got every event in order. */
  public static void main(String[] args) throws InterruptedException {
    int exit = 1;
    try {
      new Load(args).run();
      exit = 0;
    } catch (Failed | IOException e) {
      if (!Cleanup.begun()) {
        say(e instanceof Failed ? e.getMessage() : e.toString());
      }
    }
    System.exit(exit);
  }

  static void say(String text) {
    System.err.println("load: " + text);
  }

  static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }

  private void run() throws IOException, InterruptedException {
    machine();
    if (parts.contains("start")) {
      starts();
    }
    server.start("--trainyard.runner.slots=1");
    if (parts.contains("predictions")) {
      new Predicting(server).measure();
    }
    if (parts.contains("watched")) {
      watched(1);
      watched(10);
    }
    if (parts.contains("readers")) {
      manyReaders();
    }
    if (parts.contains("requests")) {
      requests();
    }
    server.stop();
  }

  private void starts() throws IOException, InterruptedException {
    Starting starting = new Starting(server);
    Starting.head();
    server.start("--trainyard.runner.slots=1");
    starting.measure("with a spare runner", STARTS);
    server.restart("--trainyard.runner.slots=1", "--trainyard.runner.spare=false");
    starting.measure("without", 1 + STARTS / 3);
    server.stop();
  }

  private void requests() throws IOException, InterruptedException {
    print("");
    print("| from the queue to a runner | median ms |");
    print("|---|---|");
    claims("few jobs in the database");
    server.restart("--trainyard.runner.slots=0");
    Requests.head();
    requests("empty queue");
    server.stop();
    say("filling the database with " + jobs + " jobs");
    Filling.fill(server, jobs);
    server.start("--trainyard.runner.slots=0");
    // Once for what only the first requests of a process take.
    Requests.run("warming up", CLIENTS, LISTS, n -> server.get("/v1/jobs?limit=50"));
    requests(jobs + " jobs, " + POSTS + " of them waiting");
    lists();
    scrapes();
    server.stop();
    Filling.emptyQueue(server);
    server.start("--trainyard.runner.slots=1");
    print("");
    print("| from the queue to a runner | median ms |");
    print("|---|---|");
    claims(jobs + " finished jobs in the database");
  }

  private void machine() throws IOException {
    String cpu = Text.find(Files.readString(Path.of("/proc/cpuinfo")), "model name\\s*:\\s*(.*)");
    String load = Text.find(Files.readString(Path.of("/proc/loadavg")), "(\\S+)");
    int cores = Runtime.getRuntime().availableProcessors();
    print("- %s, %d cores, load %s at the start", cpu == null ? "unknown CPU" : cpu, cores, load);
    print("- Java %s, database %s", Runtime.version(), server.database());
    print("");
  }

  /** The same job with and without onlookers, by turns. */
  private void watched(int steps) throws IOException, InterruptedException {
    String document = Documents.tiny(EPOCHS, steps);
    List<Double> alone = new ArrayList<>();
    List<Double> watched = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    double aloneCpu = 0;
    double watchedCpu = 0;
    double readersCpu = 0;
    for (int i = 0; i < WARM_UPS; i++) {
      // What a fresh server spends on compiling itself is several times what the job costs.
      String job = server.post("/v1/jobs", document);
      new Readers(server.port(), job, WATCHERS).await();
      server.ended(job);
    }
    for (int round = 1; round <= rounds; round++) {
      double before = server.cpuSeconds();
      alone.add(server.epochsPerSecond(server.train(document), EPOCHS));
      double between = server.cpuSeconds();
      double own = LoadServer.cpuSeconds(ProcessHandle.current().pid());
      String job = server.post("/v1/jobs", document);
      Readers crowd = new Readers(server.port(), job, WATCHERS);
      try (Scrapes scrapes = new Scrapes(server)) {
        crowd.await();
        scrapes.check();
      }
      server.ended(job);
      watched.add(server.epochsPerSecond(job, EPOCHS));
      aloneCpu += between - before;
      watchedCpu += server.cpuSeconds() - between;
      readersCpu += LoadServer.cpuSeconds(ProcessHandle.current().pid()) - own;
      ratios.add(watched.get(round - 1) / alone.get(round - 1));
      say(
          "round %d of %d: %.0f epochs/s alone, %.0f watched"
              .formatted(round, rounds, alone.get(round - 1), watched.get(round - 1)));
    }
    double events = (double) EPOCHS * WATCHERS * rounds;
    print("");
    print("| %d epochs of a tiny model, steps each: %d | alone | %d readers and a scrape a second |",
        EPOCHS, steps, WATCHERS);
    print("|---|---|---|");
    print("| epochs per second, median | %.0f | %.0f |", median(alone), median(watched));
    print("| watched / alone, median (least) | | %.3f (%.3f) |", median(ratios), least(ratios));
    print("| CPU of the server, s per job | %.2f | %.2f |", aloneCpu / rounds, watchedCpu / rounds);
    print("| CPU of the server for one event to one reader, µs | | %.2f |",
        (watchedCpu - aloneCpu) / events * 1e6);
    print("| CPU of the readers themselves, s per job | | %.2f |", readersCpu / rounds);
  }

  private void manyReaders() throws IOException, InterruptedException {
    String before = server.memoryAndThreads();
    int epochs = 2000;
    long begun = System.nanoTime();
    String job = server.post("/v1/jobs", Documents.tiny(epochs));
    Readers crowd = new Readers(server.port(), job, readers);
    crowd.awaitOpen();
    String open = server.memoryAndThreads();
    crowd.await();
    double seconds = (System.nanoTime() - begun) / 1e9;
    server.ended(job);
    print("");
    print("| %d readers of one job of %d epochs | server RSS, threads |", readers, epochs);
    print("|---|---|");
    print("| before | %s |", before);
    print("| all open | %s |", open);
    print("| at the end, all complete and in order after %.1f s | %s |", seconds,
        server.memoryAndThreads());
  }

  private void claims(String where) throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < WAITS; i++) {
      millis.add(server.waitMillis(server.train(Documents.tiny(3))));
    }
    print("| %s | %.1f |", where, median(millis));
  }

  private void requests(String where) throws IOException, InterruptedException {
    String document = Documents.tiny(10);
    List<String> ids = new ArrayList<>();
    Requests.run(
            "POST /v1/jobs, " + where,
            CLIENTS,
            POSTS,
            n -> {
              String id = server.post("/v1/jobs", document);
              synchronized (ids) {
                ids.add(id);
              }
            })
        .print();
    Requests.run(
            "GET /v1/jobs/{id}, " + where,
            CLIENTS,
            GETS,
            n -> server.get("/v1/jobs/" + ids.get(n % ids.size())))
        .print();
  }

  private void lists() throws IOException, InterruptedException {
    for (String query :
        List.of(
            "",
            "&after=" + Filling.id(jobs / 2),
            "&state=queued",
            "&state=succeeded",
            "&state=failed",
            "&state=failed&after=" + Filling.id(jobs / 2),
            "&tag.team=red",
            "&tag.rare=yes",
            "&state=failed&tag.team=red",
            "&state=cancelled&tag.team=red",
            "&tag.team=red&tag.rare=yes")) {
      Requests.run(
              "GET /v1/jobs?limit=50" + query,
              CLIENTS,
              LISTS,
              n -> server.get("/v1/jobs?limit=50" + query))
          .print();
    }
  }

  private void scrapes() throws IOException, InterruptedException {
    Requests.run("GET /actuator/prometheus", 1, 200, n -> server.get("/actuator/prometheus"))
        .print();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static double least(List<Double> values) {
    return values.stream().min(Double::compare).orElseThrow();
  }

  private static int number(String name, String value, int most) {
    if (!value.matches("[1-9]\\d{0,6}") || Integer.parseInt(value) > most) {
      throw new Failed(name + ": expected a number from 1 to " + most + ", found '" + value + "'");
    }
    return Integer.parseInt(value);
  }
}
