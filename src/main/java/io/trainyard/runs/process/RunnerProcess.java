package io.trainyard.runs.process;

import io.trainyard.processes.EngineProcess;
import io.trainyard.runner.RunnerEnvironment;
import io.trainyard.runs.ExitReason;
import io.trainyard.runs.RunLauncher;
import io.trainyard.runs.RunnerProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A runner on this machine. */
final class RunnerProcess implements RunLauncher.Handle {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerProcess.class);

  private final EngineProcess process;

  private RunnerProcess(EngineProcess process) {
    this.process = process;
  }

  static RunnerProcess start(Path work, RunnerProperties properties, Map<String, String> variables)
      throws IOException {
    int threads = properties.effectiveThreads();
    Map<String, String> all = new HashMap<>(variables);
    all.put(RunnerEnvironment.THREADS, Integer.toString(threads));
    return new RunnerProcess(EngineProcess.start(work, properties.program(threads), all));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Makes what the runner prints, also later on, the log of its attempt. */
  void logTo(Path log) throws IOException {
    process.logTo(log);
  }

  /**
   * Gives a runner that was started ahead its attempt.
   *
   * @return false if it died just now
   */
  boolean assign(RunnerEnvironment environment, Path log) {
    try {
      logTo(log);
      process.send(environment.line());
      return true;
    } catch (IOException e) {
      LOG.warn("the spare runner is gone: {}", e.toString());
      return false;
    }
  }

  @Override
  public CompletableFuture<RunLauncher.Exit> exit() {
    return process.exit().thenApply(e -> ExitReason.of(e.code(), e.lastWords()));
  }

  @Override
  public void kill(Duration grace) {
    process.kill(grace);
  }
}
