package io.trainyard.calculator;

import io.trainyard.processes.EngineProcess;
import io.trainyard.runner.CalculatorEnvironment;
import io.trainyard.runner.CalculatorMain;
import io.trainyard.runner.protocol.CalculatorHello;
import io.trainyard.runner.protocol.CalculatorOrder;
import io.trainyard.runner.protocol.CalculatorReply;
import io.trainyard.runner.protocol.Frames;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** A running calculator and the connection to it, for one order at a time. */
final class CalculatorProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CalculatorProcess.class);

  /** A new machine unpacks the native libraries first. */
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final Duration HELLO_LIMIT = Duration.ofSeconds(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final EngineProcess process;
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  private CalculatorProcess(EngineProcess process, Socket socket, DataInputStream in)
      throws IOException {
    this.process = process;
    this.socket = socket;
    this.in = in;
    this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
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
    byte[] secret = new byte[32];
    RANDOM.nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    // The process connects to the server, not the other way: it need not tell a port.
    try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      CalculatorEnvironment environment =
          new CalculatorEnvironment(
              listener.getLocalPort(), token, properties.idle(), properties.threads());
      EngineProcess.Program program =
          new EngineProcess.Program(
              CalculatorMain.class, properties.heap(), properties.threads(), List.of());
      EngineProcess process = EngineProcess.start(work, program, environment.variables());
      CompletableFuture<Void> alarm = killAfter(process, START_LIMIT);
      var unused = process.exit().thenRun(() -> close(listener));
      try {
        keepPrevious(log);
        process.logTo(log);
        return accept(listener, process, token);
      } catch (IOException e) {
        process.kill();
        throw e;
      } finally {
        alarm.complete(null);
      }
    }
  }

  /** It may tell why the process before this one crashed. */
  private static void keepPrevious(Path log) throws IOException {
    if (Files.exists(log)) {
      Files.move(
          log,
          log.resolveSibling("previous-" + log.getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Whoever else connects does not know the token. */
  private static CalculatorProcess accept(
      ServerSocket listener, EngineProcess process, String token) throws IOException {
    while (true) {
      Socket socket = listener.accept();
      try {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(HELLO_LIMIT.toMillis()));
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        String shown = Frames.read(in, CalculatorHello.class).token();
        if (MessageDigest.isEqual(bytes(shown), bytes(token))) {
          socket.setSoTimeout(0);
          return new CalculatorProcess(process, socket, in);
        }
      } catch (IOException | JacksonException e) {
        LOG.debug("not the calculator", e);
      }
      socket.close();
    }
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
    // A process that hangs may not even read: only its end is sure to end the wait.
    CompletableFuture<Void> alarm = killAfter(process, limit);
    try {
      Frames.write(out, order);
      return Frames.read(in, CalculatorReply.class);
    } catch (IOException e) {
      throw alarm.isDone() ? new OverrunException(e) : e;
    } finally {
      alarm.complete(null);
    }
  }

  /** The exit code, once it has ended. */
  int exitCode() {
    return process.exit().join().code();
  }

  @Override
  public void close() {
    close(socket);
    process.kill();
  }

  private static CompletableFuture<Void> killAfter(EngineProcess process, Duration limit) {
    CompletableFuture<Void> alarm =
        new CompletableFuture<Void>().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    var unused =
        alarm.whenComplete(
            (done, late) -> {
              if (late != null) {
                process.kill();
              }
            });
    return alarm;
  }

  private static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.debug("closing failed", e);
    }
  }

  private static byte[] bytes(String token) {
    return token.getBytes(StandardCharsets.US_ASCII);
  }
}
