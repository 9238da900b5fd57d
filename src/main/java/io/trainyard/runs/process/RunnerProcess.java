package io.trainyard.runs.process;

import io.trainyard.runner.RunnerEnvironment;
import io.trainyard.runner.RunnerMain;
import io.trainyard.runs.RunLauncher;
import io.trainyard.runs.RunnerProperties;
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

/**
 * A runner on the server's own class path. Its standard input is a pipe from the server: when the
 * server is gone, for whatever reason, the pipe ends and so does the runner.
 */
final class RunnerProcess implements RunLauncher.Handle {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerProcess.class);

  private static final String CRASH_REPORT = "hs_err.log";

  /**
   * The optimizing compiler makes the start of a runner take half as long again, and the reading of
   * a large file less than half as long. So it waits for what runs very often, some twenty times as
   * often as by default.
   */
  private static final List<String> LATE_OPTIMIZATION =
      List.of(
          "-XX:Tier4InvocationThreshold=100000",
          "-XX:Tier4MinInvocationThreshold=50000",
          "-XX:Tier4CompileThreshold=100000",
          "-XX:Tier4BackEdgeThreshold=500000");

  private final Process process;
  private final Path work;
  private volatile @Nullable Path log;

  private RunnerProcess(Process process, Path work) {
    this.process = process;
    this.work = work;
    var unused = process.onExit().thenRun(this::cleanUp);
  }

  static RunnerProcess start(Path work, RunnerProperties properties, Map<String, String> variables)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(work, properties));
    builder.directory(work.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(log(work).toFile());
    Map<String, String> environment = builder.environment();
    environment.putAll(variables);
    String threads = Integer.toString(properties.effectiveThreads());
    environment.put(RunnerEnvironment.THREADS, threads);
    environment.put("OMP_NUM_THREADS", threads);
    // glibc keeps an arena per thread, which a tensor program fills with freed memory.
    environment.put("MALLOC_ARENA_MAX", "2");
    // The natives come from the class path; DJL must not look for others or report its use.
    environment.put("DJL_OFFLINE", "true");
    environment.put("OPT_OUT_TRACKING", "true");
    return new RunnerProcess(builder.start(), work);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Makes what the runner prints, also later on, the log of its attempt. */
  void logTo(Path log) throws IOException {
    // The runner holds the file open: a second name for it is all that is needed.
    Files.deleteIfExists(log);
    Files.createLink(log, log(work));
    this.log = log;
  }

  /**
   * Gives a runner that was started ahead its attempt.
   *
   * @return false if it died just now
   */
  boolean assign(RunnerEnvironment environment, Path log) throws IOException {
    logTo(log);
    try {
      OutputStream input = process.getOutputStream();
      input.write(environment.line().getBytes(StandardCharsets.US_ASCII));
      input.flush();
      return true;
    } catch (IOException e) {
      LOG.warn("the spare runner is gone: {}", e.toString());
      return false;
    }
  }

  @Override
  public CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  @Override
  public void kill(Duration grace) {
    process.destroy();
    var unused =
        process
            .onExit()
            .orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete(
                (ended, late) -> {
                  if (late != null) {
                    process.destroyForcibly();
                  }
                });
  }

  private static List<String> command(Path work, RunnerProperties properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(LATE_OPTIMIZATION);
    Collections.addAll(
        command,
        "-Xmx" + properties.heap().toBytes(),
        "-XX:+UseSerialGC",
        "-XX:ErrorFile=" + work.resolve(CRASH_REPORT),
        "-Dlogback.configurationFile=runner-logback.xml",
        "-cp",
        absoluteClassPath(),
        RunnerMain.class.getName());
    return command;
  }

  /** The runner works in another directory. */
  private static String absoluteClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> new File(entry).getAbsolutePath())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The JVM's report of a native crash goes to the end of the attempt's log. */
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
