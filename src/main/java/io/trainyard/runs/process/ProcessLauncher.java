package io.trainyard.runs.process;

import io.trainyard.artifacts.JobDirectories;
import io.trainyard.jobs.AttemptId;
import io.trainyard.runner.RunnerEnvironment;
import io.trainyard.runner.RunnerMain;
import io.trainyard.runs.RunLauncher;
import io.trainyard.runs.RunnerProperties;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * One child JVM per attempt, on the server's own class path. The child's standard input is a pipe
 * that the server never writes to: when the server is gone, for whatever reason, the pipe ends and
 * so does the child.
 */
@Component
class ProcessLauncher implements RunLauncher {
  private final RunnerProperties properties;
  private final JobDirectories directories;

  ProcessLauncher(RunnerProperties properties, JobDirectories directories) {
    this.properties = properties;
    this.directories = directories;
  }

  @Override
  public Handle launch(Request request) throws IOException {
    AttemptId id = request.id();
    Path work = directories.work(id.job(), id.attempt());
    ProcessBuilder builder = new ProcessBuilder(command(work));
    builder.directory(work.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(directories.log(id.job(), id.attempt()).toFile());
    environment(builder.environment(), request);
    return new Child(builder.start());
  }

  private List<String> command(Path work) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + properties.heap().toBytes(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:ErrorFile=" + work.resolve("hs_err.log"),
        "-Dlogback.configurationFile=runner-logback.xml",
        "-cp",
        absoluteClassPath(),
        RunnerMain.class.getName());
  }

  private void environment(Map<String, String> environment, Request request) {
    RunnerEnvironment.of(request.server(), request.id().toString(), request.token())
        .variables()
        .forEach(environment::put);
    String threads = Integer.toString(properties.effectiveThreads());
    environment.put(RunnerEnvironment.THREADS, threads);
    environment.put("OMP_NUM_THREADS", threads);
    // glibc keeps an arena per thread, which a tensor program fills with freed memory.
    environment.put("MALLOC_ARENA_MAX", "2");
    // The natives come from the class path; DJL must not look for others or report its use.
    environment.put("DJL_OFFLINE", "true");
    environment.put("OPT_OUT_TRACKING", "true");
  }

  /** The child runs in another directory. */
  private static String absoluteClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> new File(entry).getAbsolutePath())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private record Child(Process process) implements Handle {
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
  }
}
