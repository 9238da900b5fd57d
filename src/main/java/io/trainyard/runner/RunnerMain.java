package io.trainyard.runner;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.shared.Problem;
import io.trainyard.training.TrainingEngine;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.djl.DjlTrainingEngine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains one attempt of one job, reports to the server that started it, and exits. */
public final class RunnerMain {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerMain.class);

  private final ServerConnection server;
  private final Reporter reporter;
  private final TrainingEngine engine;
  private final StopSignal stop;

  private RunnerMain(
      RunnerEnvironment environment, TrainingEngine engine, Duration patience, StopSignal stop) {
    this.server = new ServerConnection(environment, patience);
    this.reporter = new Reporter(server, patience);
    this.engine = engine;
    this.stop = stop;
  }

  public static void main(String[] args) throws InterruptedException, IOException {
    beFirstToGo();
    Map<String, String> variables = System.getenv();
    String threads = variables.getOrDefault(RunnerEnvironment.THREADS, "0");
    TrainingEngine engine = new DjlTrainingEngine(Integer.parseInt(threads));
    load(engine);
    String spareOf = variables.get(RunnerEnvironment.SPARE);
    RunnerEnvironment environment;
    if (spareOf == null) {
      environment = RunnerEnvironment.read(variables);
    } else {
      Rehearsal.run(engine, URI.create(spareOf), RunnerMain::assigned);
      environment = RunnerEnvironment.parse(assignment());
    }
    Duration patience =
        Duration.ofSeconds(Long.parseLong(variables.getOrDefault(RunnerEnvironment.PATIENCE, "0")));
    if (patience.isZero()) {
      ServerWatch.start();
    }
    RunnerExit exit = new RunnerMain(environment, engine, patience, StopSignal.install()).run();
    // Native threads of the engine must not delay the end.
    Runtime.getRuntime().halt(exit.code());
  }

  /** Its native library takes as long to load as all that comes before it is needed. */
  private static void load(TrainingEngine engine) {
    Thread thread = new Thread(engine::name, "engine");
    thread.setDaemon(true);
    // The training meets the same and reports it.
    thread.setUncaughtExceptionHandler((t, e) -> LOG.debug("the engine does not load", e));
    thread.start();
  }

  /** When memory runs out the kernel should take a runner, which is replaced, and no server. */
  static void beFirstToGo() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "500");
    } catch (IOException e) {
      LOG.debug("the kernel does not take a preference", e);
    }
  }

  private static boolean assigned() {
    try {
      return System.in.available() > 0;
    } catch (IOException e) {
      LOG.warn("standard input broke: {}", e.toString());
      return true;
    }
  }

  /** Waits for the attempt that this runner was started ahead for. */
  private static String assignment() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = System.in.read(); c != '\n'; c = System.in.read()) {
      if (c < 0) {
        Runtime.getRuntime().halt(RunnerExit.ORPHANED.code());
      }
      line.append((char) c); // ids, digits and an address: ASCII
    }
    return line.toString();
  }

  private RunnerExit run() throws InterruptedException {
    RunOrder order;
    try {
      order = server.order();
    } catch (ServerConnection.FencedException e) {
      LOG.warn("this attempt is fenced: {}", e.getMessage());
      return RunnerExit.FENCED;
    } catch (IOException e) {
      LOG.error("the run cannot be fetched", e);
      return RunnerExit.BROKEN;
    }
    LOG.info("attempt {} of {}", order.attempt(), order.job());
    reporter.start();
    RunEvent.@Nullable Ended end;
    try {
      end = new Attempt(server, reporter, engine, stop).run(order);
    } catch (TrainingFailure e) {
      end = failed(e.reason().name().toLowerCase(Locale.ROOT), e);
    } catch (Problem e) {
      end = failed("data_error", e);
    } catch (OutOfMemoryError e) {
      end = failed("out_of_memory", e);
    } catch (ServerConnection.StorageException e) {
      end = failed("storage_error", e);
    } catch (ServerConnection.FencedException e) {
      LOG.warn("this attempt is fenced: {}", e.getMessage());
      return RunnerExit.FENCED;
    } catch (IOException | RuntimeException e) {
      LOG.error("the run failed", e);
      return RunnerExit.BROKEN;
    }
    if (end == null) {
      reporter.flush();
      LOG.info("stopped from outside");
      return RunnerExit.STOPPED;
    }
    reporter.end(end);
    return switch (end.outcome()) {
      case "succeeded" -> RunnerExit.DONE;
      case "cancelled" -> RunnerExit.CANCELLED;
      case "paused" -> RunnerExit.PAUSED;
      default -> RunnerExit.FAILED;
    };
  }

  private static RunEvent.Ended failed(String reason, Throwable cause) {
    LOG.error("the run failed: {}", reason, cause);
    return new RunEvent.Ended("failed", reason, String.valueOf(cause.getMessage()), null);
  }
}
