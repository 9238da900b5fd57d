package io.trainyard.runner;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunOrder;
import io.trainyard.shared.Problem;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.djl.DjlTrainingEngine;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains one attempt of one job, reports to the server that started it, and exits. */
public final class RunnerMain {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerMain.class);

  private final ServerConnection server;
  private final Reporter reporter;
  private final int threads;

  private RunnerMain(Map<String, String> environment) {
    this.server = new ServerConnection(RunnerEnvironment.read(environment));
    this.reporter = new Reporter(server);
    this.threads = Integer.parseInt(environment.getOrDefault(RunnerEnvironment.THREADS, "0"));
  }

  public static void main(String[] args) throws InterruptedException {
    endWithServer();
    RunnerExit exit = new RunnerMain(System.getenv()).run();
    // Native threads of the engine must not delay the end.
    Runtime.getRuntime().halt(exit.code());
  }

  /** The server holds the other end of standard input and never writes: its end is the server's. */
  private static void endWithServer() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is ever sent
                }
              } catch (IOException e) {
                LOG.warn("standard input broke: {}", e.toString());
              }
              LOG.warn("the server is gone; ending");
              Runtime.getRuntime().halt(RunnerExit.ORPHANED.code());
            },
            "server-watch");
    watch.setDaemon(true);
    watch.start();
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
    RunEvent.Ended end;
    try {
      end = new Attempt(server, reporter, new DjlTrainingEngine(threads)).run(order);
    } catch (TrainingFailure e) {
      end = failed(e.reason().name().toLowerCase(Locale.ROOT), e);
    } catch (Problem e) {
      end = failed("data_error", e);
    } catch (OutOfMemoryError e) {
      end = failed("out_of_memory", e);
    } catch (IOException | RuntimeException e) {
      LOG.error("the run failed", e);
      return RunnerExit.BROKEN;
    }
    reporter.end(end);
    return switch (end.outcome()) {
      case "succeeded" -> RunnerExit.DONE;
      case "cancelled" -> RunnerExit.CANCELLED;
      default -> RunnerExit.FAILED;
    };
  }

  private static RunEvent.Ended failed(String reason, Throwable cause) {
    LOG.error("the run failed: {}", reason, cause);
    return new RunEvent.Ended("failed", reason, String.valueOf(cause.getMessage()), null);
  }
}
