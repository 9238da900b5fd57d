package io.trainyard.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The packaged server in a process of its own, on loopback and a free port. */
final class ServerProcess implements AutoCloseable {
  /** Half the processor time of a start: a server of a test does not live for better code. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private static final Pattern READY = Pattern.compile("Trainyard is ready on (http://[^\\s\"]+)");

  private final Process process;
  private final Path log;
  private final String url;

  private ServerProcess(Process process, Path log, String url) {
    this.process = process;
    this.log = log;
    this.url = url;
  }

  /**
   * A free port for a server that is to come back on it. It is below those that the system gives to
   * whoever asks for any, so nobody takes it meanwhile.
   */
  static int portToKeep() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException e) {
        // taken; there are others
      }
    }
  }

  /** Starts a server on {@code home}; arguments are Spring's, as {@code --trainyard.lease=3s}. */
  static ServerProcess start(Path home, String... arguments) {
    try {
      Files.createDirectories(home);
      Path log = Files.createTempFile(home, "server", ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx256m", QUICK_START));
      Path jar = Path.of(System.getProperty("trainyard.test.jar"));
      if (Files.exists(jar.resolveSibling("java.options"))) {
        command.add("@" + jar.resolveSibling("java.options"));
      }
      command.addAll(List.of("-jar", jar.toString()));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("TRAINYARD_HOME", home.toString());
      builder.environment().put("SERVER_PORT", "0");
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      // A test run that is broken off must not leave servers behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      Matcher[] ready = new Matcher[1];
      Awaitility.await("server ready, see " + log)
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                ready[0] = READY.matcher(Files.readString(log));
                return ready[0].find() || !process.isAlive();
              });
      if (!process.isAlive()) {
        throw new IllegalStateException("the server died:\n" + Files.readString(log));
      }
      return new ServerProcess(process, log, ready[0].group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return url;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The runner that this server has started, if there is one. */
  @Nullable ProcessHandle runner() {
    return runners().stream().findFirst().orElse(null);
  }

  List<ProcessHandle> runners() {
    return process.children().filter(ProcessHandle::isAlive).toList();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Sends a signal, such as STOP, to a process that this test has to do with. */
  static void signal(String name, long pid) {
    run("kill", "-" + name, Long.toString(pid));
  }

  /** Runs a command of the system, which must succeed. */
  static void run(String... command) {
    try {
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IllegalStateException(List.of(command) + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** kill -9 */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** kill -TERM, and waits for the end. */
  void terminate() {
    process.destroy();
    try {
      process.onExit().get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException("the server did not stop within 60 s:\n" + log(), e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }
}
