package io.trainyard.runs.process;

import io.trainyard.artifacts.JobDirectories;
import io.trainyard.jobs.AttemptId;
import io.trainyard.runner.RunnerEnvironment;
import io.trainyard.runs.RunLauncher;
import io.trainyard.runs.RunnerProperties;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * One child JVM per attempt. A spare one, started ahead and warmed up, takes the next attempt
 * without the wait for a process; it trains once like any other and then ends.
 */
@Component
@ConditionalOnProperty(name = "trainyard.launcher", havingValue = "process", matchIfMissing = true)
class ProcessLauncher implements RunLauncher, DisposableBean {
  private final RunnerProperties properties;
  private final JobDirectories directories;
  private @Nullable RunnerProcess spare;

  ProcessLauncher(RunnerProperties properties, JobDirectories directories) throws IOException {
    directories.clearWork();
    this.properties = properties;
    this.directories = directories;
  }

  @Override
  public synchronized Handle launch(Request request) throws IOException {
    AttemptId id = request.id();
    Path log = directories.log(id.job(), id.attempt());
    RunnerEnvironment environment =
        RunnerEnvironment.of(request.server(), id.toString(), request.token());
    RunnerProcess ready = spare;
    spare = null;
    if (ready != null && ready.isAlive() && ready.assign(environment, log)) {
      return ready;
    }
    RunnerProcess started = start(environment.variables());
    started.logTo(log);
    return started;
  }

  @Override
  public synchronized void prepare(URI server) throws IOException {
    if (spare == null || !spare.isAlive()) {
      spare = start(Map.of(RunnerEnvironment.SPARE, server.toString()));
    }
  }

  @Override
  public synchronized void destroy() {
    if (spare != null) {
      // It holds nothing, and nobody should find it after the server.
      spare.kill(Duration.ZERO);
      spare.exit().join();
    }
  }

  private RunnerProcess start(Map<String, String> variables) throws IOException {
    return RunnerProcess.start(directories.newWork(), properties, variables);
  }
}
