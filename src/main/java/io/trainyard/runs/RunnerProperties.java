package io.trainyard.runs;

import io.trainyard.processes.EngineProcess;
import io.trainyard.runner.RunnerMain;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How runners run.
 *
 * @param slots how many at a time on this server
 * @param heap bound of a runner's Java heap; tensors are outside it
 * @param threads of a runner's arithmetic; 0 for the cores divided by the slots
 * @param spare whether a runner is kept ready, so that a job need not wait for a process to start
 * @param cancelGrace after which a runner that does not end by itself is killed
 * @param hangLimit after which a runner that does not report is killed
 * @param serverUrl where runners reach this server; null for its own address
 */
@ConfigurationProperties("trainyard.runner")
public record RunnerProperties(
    int slots,
    DataSize heap,
    int threads,
    boolean spare,
    Duration cancelGrace,
    Duration hangLimit,
    @Nullable URI serverUrl) {

  public RunnerProperties {
    if (slots < 0) {
      throw new IllegalArgumentException("trainyard.runner.slots must not be negative");
    }
    if (threads < 0) {
      throw new IllegalArgumentException("trainyard.runner.threads must not be negative");
    }
    if (hangLimit.toMillis() < 2000) {
      throw new IllegalArgumentException("trainyard.runner.hang-limit must be at least 2s");
    }
  }

  /** The threads of one runner. */
  public int effectiveThreads() {
    return threads > 0
        ? threads
        : Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, slots));
  }

  /**
   * A runner's program. If its heap is exhausted it could not even report it: its exit code does.
   */
  public EngineProcess.Program program(int ofThreads) {
    return new EngineProcess.Program(
        RunnerMain.class, heap, ofThreads, List.of("-XX:+ExitOnOutOfMemoryError"));
  }
}
