import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.jar.JarFile;
import java.util.stream.DoubleStream;

/** What is printed, as Markdown on standard output. */
final class Report {
  private static final double MEGABYTE = 1 << 20;

  private Report() {}

  /** What the numbers were measured on and with. */
  static void machine() throws IOException {
    int cores = Runtime.getRuntime().availableProcessors();
    String cpu = Text.find(Files.readString(Path.of("/proc/cpuinfo")), "model name\\s*:\\s*(.*)");
    String load = Text.find(Files.readString(Path.of("/proc/loadavg")), "(\\S+)");
    print("- %s, %d cores, load %s at the start", cpu == null ? "unknown CPU" : cpu, cores, load);
    print("- Trainyard %s, libtorch %s, on Java %s", version(), libtorch(), Runtime.version());
    print("- %s", System.getenv("BENCH_TORCH"));
    String threads = System.getenv("TRAINYARD_RUNNER_THREADS");
    print(
        "- Trainyard's runner with %s",
        threads == null
            ? cores + " threads, its default here"
            : "TRAINYARD_RUNNER_THREADS=" + threads);
    print("");
  }

  static void head() {
    print(
        "| row | optimizer | Trainyard, µs/step | torch index loop | torch DataLoader"
            + " | Trainyard / torch's faster | same loss | peak MB, Trainyard | peak MB, torch |");
    print("|---|---|---|---|---|---|---|---|---|");
  }

  static void line(Work work, List<Round> rounds) {
    double[] ratios = rounds.stream().mapToDouble(Round::ratio).sorted().toArray();
    double difference = rounds.stream().mapToDouble(Round::difference).max().orElseThrow();
    boolean same = rounds.stream().allMatch(Round::same);
    print(
        "| %s | %s | %.0f | %.0f | %.0f | %.2f (%.2f–%.2f) | %s, %.0e | %.0f | %.0f |",
        work.row(),
        work.optimizer(),
        median(rounds, round -> round.trainyard().micros()),
        median(rounds, round -> round.torch().index().micros()),
        median(rounds, round -> round.torch().loader().micros()),
        median(DoubleStream.of(ratios)),
        ratios[0],
        ratios[ratios.length - 1],
        same ? "yes" : "**NO**",
        difference,
        median(rounds, round -> round.trainyard().peakBytes()) / MEGABYTE,
        median(rounds, round -> round.torch().index().peakBytes()) / MEGABYTE);
  }

  static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    return median(rounds.stream().mapToDouble(value));
  }

  private static String version() throws IOException {
    try (JarFile jar = new JarFile("target/trainyard.jar")) {
      return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  /** As the name of the library beside the jar tells. */
  private static String libtorch() {
    String[] names = new File("target/lib").list();
    String all = names == null ? "" : String.join(" ", names);
    return Text.find(all, "pytorch-native-\\w+-([0-9.]+)");
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
