package io.trainyard.processes;

import io.trainyard.runner.OrdersEnvironment;
import io.trainyard.runner.protocol.Frames;
import io.trainyard.runner.protocol.Hello;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** A running process that takes orders, and the connection to it. */
public final class ConnectedProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectedProcess.class);

  /** A new machine unpacks the native libraries first. */
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final Duration HELLO_LIMIT = Duration.ofSeconds(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final EngineProcess process;
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  private ConnectedProcess(EngineProcess process, Socket socket, DataInputStream in)
      throws IOException {
    this.process = process;
    this.socket = socket;
    this.in = in;
    this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param work a directory of its own
   * @param log what it prints; what the process before it printed is kept beside it
   * @param idle after so long without an order it ends
   * @throws IOException if it ends or does not connect
   */
  public static ConnectedProcess start(
      Path work, Path log, EngineProcess.Program program, Duration idle) throws IOException {
    byte[] secret = new byte[32];
    RANDOM.nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    // The process connects to the server, not the other way: it need not tell a port.
    try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      OrdersEnvironment environment =
          new OrdersEnvironment(listener.getLocalPort(), token, idle, program.threads());
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
  private static ConnectedProcess accept(ServerSocket listener, EngineProcess process, String token)
      throws IOException {
    while (true) {
      Socket socket = listener.accept();
      try {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(HELLO_LIMIT.toMillis()));
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        String shown = Frames.read(in, Hello.class).token();
        if (MessageDigest.isEqual(bytes(shown), bytes(token))) {
          socket.setSoTimeout(0);
          return new ConnectedProcess(process, socket, in);
        }
      } catch (IOException | JacksonException e) {
        LOG.debug("not the process that was started", e);
      }
      socket.close();
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends an order. */
  public void write(Object order) throws IOException {
    Frames.write(out, order);
  }

  /**
   * Waits for a reply.
   *
   * @throws IOException if the process has ended
   */
  public <T> T read(Class<T> type) throws IOException {
    return Frames.read(in, type);
  }

  /**
   * Ends the process if this is not completed within {@code limit}. One that hangs may not even
   * read: only its end is sure to end a wait.
   */
  public CompletableFuture<Void> killAfter(Duration limit) {
    return killAfter(process, limit);
  }

  /** Ends the process now; the connection ends with it. */
  public void kill() {
    process.kill();
  }

  /** The exit code, once it has ended. */
  public int exitCode() {
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
