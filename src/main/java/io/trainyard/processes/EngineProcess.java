package io.trainyard.processes;

import java.io.File;
import java.io.IOException;
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
  private static final Logger LOG = LoggerFactory.getLogger(EngineProcess.class);

  private static final String CRASH_REPORT = "hs_err.log";

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
   */
  public record Program(Class<?> main, DataSize heap, int threads) {}

  private final Process process;
  private final Path work;
  private volatile @Nullable Path log;

  private EngineProcess(Process process, Path work) {
    this.process = process;
    this.work = work;
    var unused = process.onExit().thenRun(this::cleanUp);
  }

  /**
   * Starts a process.
   *
   * @param work a directory that is its own; it is removed with the process
   */
  public static EngineProcess start(Path work, Program program, Map<String, String> variables)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(work, program));
    builder.directory(work.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(log(work).toFile());
    Map<String, String> environment = builder.environment();
    environment.putAll(variables);
    environment.put("OMP_NUM_THREADS", Integer.toString(program.threads()));
    // glibc keeps an arena per thread, which a tensor program fills with freed memory.
    environment.put("MALLOC_ARENA_MAX", "2");
    // The natives come from the class path; DJL must not look for others or report its use.
    environment.put("DJL_OFFLINE", "true");
    environment.put("OPT_OUT_TRACKING", "true");
    return new EngineProcess(builder.start(), work);
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

  /** The exit code, once it has ended. */
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
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

  private static List<String> command(Path work, Program program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(LATE_OPTIMIZATION);
    Collections.addAll(
        command,
        "-Xmx" + program.heap().toBytes(),
        "-XX:+UseSerialGC",
        "-XX:ErrorFile=" + work.resolve(CRASH_REPORT),
        "-Dlogback.configurationFile=runner-logback.xml",
        "-cp",
        absoluteClassPath(),
        program.main().getName());
    return command;
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
