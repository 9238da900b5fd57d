package io.trainyard.processes;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/**
 * A child JVM on the server's own class path that loads the native engine. Its standard input is a
 * pipe from the server: when the server is gone, for whatever reason, the pipe ends, and so is the
 * child to do.
 */
public final class EngineProcess {
  /** What the server has in its environment and its processes have no use for. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(SPRING_DATASOURCE|TRAINYARD_(DATABASE|ACCESS|ARTIFACTS))_.*|AWS_.*"
              + "|.*(PASSWORD|SECRET|TOKEN|CREDENTIALS).*",
          Pattern.CASE_INSENSITIVE);

  private static final Logger LOG = LoggerFactory.getLogger(EngineProcess.class);

  private static final String CRASH_REPORT = "hs_err.log";

  /** Of a crash report, and of the end of what was printed. */
  private static final int MOST_WORDS = 256 << 10;

  /** From this Java on loading a native library without leave prints a warning. */
  private static final int JNI_IS_ASKED_FOR = 24;

  /** From this Java on a cache holds linked classes and what the compiler should know of them. */
  private static final int AOT_CACHES = 25;

  /**
   * The optimizing compiler makes the start take half as long again, and the reading of a large
   * file less than half as long. So it waits for what runs very often, some twenty times as often
   * as by default.
   */
  private static final List<String> LATE_OPTIMIZATION =
      List.of(
          "-XX:Tier4InvocationThreshold=100000",
          "-XX:Tier4MinInvocationThreshold=50000",
          "-XX:Tier4CompileThreshold=100000",
          "-XX:Tier4BackEdgeThreshold=500000");

  /**
   * What runs, and its bounds.
   *
   * @param heap of Java objects; tensors are outside it
   * @param threads of its arithmetic
   * @param options more options of the JVM
   */
  public record Program(Class<?> main, DataSize heap, int threads, List<String> options) {}

  /**
   * How a process ended.
   *
   * @param lastWords the JVM's report of its crash if there is one, else the end of what the
   *     process printed; empty after an exit code of 0
   */
  public record Exit(int code, String lastWords) {}

  private final Process process;
  private final Path work;
  private final CompletableFuture<Exit> exit;
  private volatile @Nullable Path log;

  private EngineProcess(Process process, Path work) {
    this.process = process;
    this.work = work;
    // One chain: who waits for the exit finds the crash report in the log.
    this.exit =
        process
            .onExit()
            .thenApply(
                ended -> {
                  Exit how = new Exit(ended.exitValue(), lastWords(ended.exitValue()));
                  cleanUp();
                  return how;
                });
  }

  /**
   * Starts a process.
   *
   * @param work a directory that is its own; it is removed with the process
   */
  public static EngineProcess start(Path work, Program program, Map<String, String> variables)
      throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String crashes = "-XX:ErrorFile=" + work.resolve(CRASH_REPORT);
    ProcessBuilder builder =
        new ProcessBuilder(command(java, absoluteClassPath(), crashes, program));
    builder.directory(work.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(log(work).toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> SECRET.matcher(name).matches());
    environment.putAll(variables);
    environment.putAll(environment(program));
    return new EngineProcess(builder.start(), work);
  }

  /** What every process of this kind has in its environment, on whatever machine. */
  public static Map<String, String> environment(Program program) {
    return Map.of(
        "OMP_NUM_THREADS",
        Integer.toString(program.threads()),
        // glibc keeps an arena per thread, which a tensor program fills with freed memory.
        "MALLOC_ARENA_MAX",
        "2",
        // The natives come from the class path; DJL must not look for others or report its use.
        "DJL_OFFLINE",
        "true",
        "OPT_OUT_TRACKING",
        "true");
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Makes what the process prints, also later on, the file {@code log}. */
  public void logTo(Path log) throws IOException {
    // The process holds the file open: a second name for it is all that is needed.
    Files.deleteIfExists(log);
    Files.createLink(log, log(work));
    this.log = log;
  }

  /** Writes to its standard input. */
  public void send(String ascii) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write(ascii.getBytes(StandardCharsets.US_ASCII));
    input.flush();
  }

  /** How it ended, once it has. */
  public CompletableFuture<Exit> exit() {
    return exit;
  }

  /** Asks the process to end and makes it end after {@code grace}. */
  public void kill(Duration grace) {
    // Process.destroy would also close the pipe, and the end of that is the server's.
    process.toHandle().destroy();
    var unused =
        process
            .onExit()
            .orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (ended, late) -> {
                  if (late != null) {
                    kill();
                  }
                });
  }

  /** Ends the process now. */
  public void kill() {
    process.destroyForcibly();
  }

  /**
   * The command of such a process, on whatever machine.
   *
   * @param crashes the option that says where the JVM's report of a native crash goes
   */
  public static List<String> command(
      String java, String classPath, String crashes, Program program) {
    List<String> command = new ArrayList<>();
    command.add(java);
    command.addAll(archive(classPath));
    command.addAll(LATE_OPTIMIZATION);
    command.addAll(program.options());
    if (Runtime.version().feature() >= JNI_IS_ASKED_FOR) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    Collections.addAll(
        command,
        "-Xmx" + program.heap().toBytes(),
        "-XX:+UseSerialGC",
        crashes,
        "-Dlogback.configurationFile=runner-logback.xml",
        "-cp",
        classPath,
        program.main().getName());
    return command;
  }

  /**
   * What bin/warm-up left beside the jar: with it the classes are there at once. One older than the
   * jar is of another, and the JVM would complain in the process's log.
   */
  private static List<String> archive(String classPath) {
    boolean cache = Runtime.version().feature() >= AOT_CACHES;
    File jar = new File(classPath);
    File archive = new File(jar.getParentFile(), cache ? "runner.aot" : "runner.jsa");
    return archive.lastModified() > jar.lastModified()
        ? List.of((cache ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive)
        : List.of();
  }

  /** The process works in another directory. */
  private static String absoluteClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> new File(entry).getAbsolutePath())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The JVM's report of a native crash goes to the end of the log. */
  private void keepCrashReport() {
    Path report = work.resolve(CRASH_REPORT);
    Path kept = log;
    if (kept == null || !Files.exists(report)) {
      return;
    }
    try (OutputStream out = Files.newOutputStream(kept, StandardOpenOption.APPEND)) {
      Files.copy(report, out);
    } catch (IOException e) {
      LOG.warn("{} cannot be kept: {}", report, e.toString());
    }
  }

  private String lastWords(int code) {
    if (code == 0) {
      return "";
    }
    try {
      Path report = work.resolve(CRASH_REPORT);
      return Files.exists(report) ? beginning(report) : end(log(work));
    } catch (IOException e) {
      LOG.warn("the last words of {} cannot be read: {}", work, e.toString());
      return "";
    }
  }

  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
    }
  }

  private static String end(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Math.max(0, Files.size(file) - MOST_WORDS));
      return new String(in.readNBytes(MOST_WORDS), StandardCharsets.UTF_8);
    }
  }

  private static Path log(Path work) {
    return work.resolve("output.log");
  }

  private void cleanUp() {
    keepCrashReport();
    try {
      FileSystemUtils.deleteRecursively(work);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", work, e.toString());
    }
  }
}
