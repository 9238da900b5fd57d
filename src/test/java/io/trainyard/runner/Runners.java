package io.trainyard.runner;

import io.trainyard.processes.EngineProcess;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.node.ObjectNode;

/** Real runner processes, and jobs for them that take some seconds. */
final class Runners implements AutoCloseable {
  private static final String[] OPTIMIZERS = {
    "{'type': 'SGD', 'lr': 0.05, 'momentum': 0.9}",
    "{'type': 'Adam', 'amsgrad': true}",
    "{'type': 'AdamW'}",
    "{'type': 'Adagrad'}",
    "{'type': 'RMSprop', 'centered': true, 'momentum': 0.5}",
    "{'type': 'Adadelta'}",
    "{'type': 'Adamax'}",
    "{'type': 'NAdam'}",
    "{'type': 'RAdam'}"
  };
  private static final String[] SCHEDULERS = {
    "{'type': 'StepLR', 'step_size': 2}",
    "{'type': 'MultiStepLR', 'milestones': [2, 5]}",
    "{'type': 'ExponentialLR', 'gamma': 0.9}",
    "{'type': 'CosineAnnealingLR', 'T_max': 4}",
    "{'type': 'LinearLR'}",
    "{'type': 'ReduceLROnPlateau', 'patience': 0, 'threshold': 0.1}",
    "null"
  };

  private final Path directory;
  private int started;
  private EngineProcess process;

  /** Starts the next attempt of a server's job. */
  Runners(Path directory, RunServer server) throws IOException {
    this.directory = directory;
    process = launch(server);
  }

  void restart(RunServer server) throws IOException {
    process = launch(server);
  }

  private EngineProcess launch(RunServer server) throws IOException {
    Path work = Files.createDirectory(directory.resolve("work-" + ++started));
    Map<String, String> variables = new HashMap<>(server.next().variables());
    variables.put(RunnerEnvironment.THREADS, "1");
    EngineProcess launched =
        EngineProcess.start(
            work,
            new EngineProcess.Program(RunnerMain.class, DataSize.ofMegabytes(256), 1, List.of()),
            variables);
    launched.logTo(directory.resolve("log-" + started));
    return launched;
  }

  /** The exit code. */
  int await() throws Exception {
    return process.exit().get(120, TimeUnit.SECONDS).code();
  }

  /**
   * Lets the runner work for a while, then kills it with SIGKILL.
   *
   * @return whether it was still there
   */
  boolean killAfter(long millis) throws Exception {
    try {
      process.exit().get(millis, TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException e) {
      process.kill();
      return await() == 137;
    }
  }

  /** SIGTERM. */
  void terminate() {
    process.kill(Duration.ofSeconds(60));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.kill();
    process.exit().join();
  }

  static ObjectNode json(String text) {
    return (ObjectNode) Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** Epochs of a fifth of a second and more, in several calls each, with all kinds of state. */
  static ObjectNode job(Random random, int epochs) {
    ObjectNode job =
        json(
            """
            {'model': {'layers': [
               {'type': 'Linear', 'in_features': 5, 'out_features': 16},
               {'type': 'BatchNorm1d', 'num_features': 16}, {'type': 'ReLU'},
               {'type': 'Dropout', 'p': 0.2},
               {'type': 'Linear', 'in_features': 16, 'out_features': 3}]},
             'dataset': {'type': 'synthetic', 'seed': 1, 'samples': 12500, 'input_shape': [5],
               'classes': 3},
             'loss': {'type': 'CrossEntropyLoss'}, 'batch_size': 7, 'shuffle': true,
             'validation': {'fraction': 0.2}, 'metrics': ['accuracy'],
             'early_stopping': {'patience': 100, 'restore_best': true},
             'gradient_clipping': {'max_norm': 1.0}, 'checkpoint': {'every_epochs': 1}}
            """);
    job.put("epochs", epochs).put("seed", random.nextInt(1_000_000));
    job.set("optimizer", json(OPTIMIZERS[random.nextInt(OPTIMIZERS.length)]));
    String scheduler = SCHEDULERS[random.nextInt(SCHEDULERS.length)];
    if (!scheduler.equals("null")) {
      job.set("scheduler", json(scheduler));
    }
    return job;
  }
}
