package io.trainyard.calculator;

import io.trainyard.processes.ConnectedProcess;
import io.trainyard.processes.EngineProcess;
import io.trainyard.runner.CalculatorMain;
import io.trainyard.runner.protocol.CalculatorOrder;
import io.trainyard.runner.protocol.CalculatorReply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A running calculator, for one order at a time. */
final class CalculatorProcess implements AutoCloseable {
  private final ConnectedProcess process;

  private CalculatorProcess(ConnectedProcess process) {
    this.process = process;
  }

  /** An order took too long; the process is ended. */
  static final class OverrunException extends IOException {
    private static final long serialVersionUID = 1L;

    OverrunException(Throwable cause) {
      super(cause);
    }
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param work a directory of its own
   * @param log what it prints
   * @throws IOException if it ends or does not connect
   */
  static CalculatorProcess start(Path work, Path log, CalculatorProperties properties)
      throws IOException {
    EngineProcess.Program program =
        new EngineProcess.Program(
            CalculatorMain.class, properties.heap(), properties.threads(), List.of());
    return new CalculatorProcess(ConnectedProcess.start(work, log, program, properties.idle()));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Sends an order and waits for the reply.
   *
   * @throws OverrunException if it took longer than {@code limit}
   * @throws IOException if the process has ended
   */
  CalculatorReply ask(CalculatorOrder order, Duration limit) throws IOException {
    CompletableFuture<Void> alarm = process.killAfter(limit);
    try {
      process.write(order);
      return process.read(CalculatorReply.class);
    } catch (IOException e) {
      throw alarm.isDone() ? new OverrunException(e) : e;
    } finally {
      alarm.complete(null);
    }
  }

  /** The exit code, once it has ended. */
  int exitCode() {
    return process.exitCode();
  }

  @Override
  public void close() {
    process.close();
  }
}
