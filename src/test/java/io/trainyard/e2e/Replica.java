package io.trainyard.e2e;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One of several servers on a database, which the test kills, stops and starts again. */
final class Replica implements AutoCloseable {
  private final Path home;
  private final String[] arguments;
  private volatile @Nullable ServerProcess process;
  private volatile boolean paused;

  Replica(Path home, String... arguments) {
    this.home = home;
    this.arguments = arguments;
    start();
  }

  void start() {
    process = ServerProcess.start(home, arguments);
  }

  ServerProcess server() {
    return Objects.requireNonNull(process);
  }

  Api api() {
    return new Api(server().url());
  }

  /** Whether it can be expected to answer. */
  boolean isUp() {
    ServerProcess present = process;
    return present != null && present.isAlive() && !paused;
  }

  void kill() {
    server().kill();
  }

  /** SIGSTOP: as a machine that is suspended, or a very long pause of the collector. */
  void pause() {
    paused = true;
    ServerProcess.signal("STOP", server().pid());
  }

  void resume() {
    ServerProcess.signal("CONT", server().pid());
    paused = false;
  }

  @Override
  public void close() {
    if (paused) {
      resume();
    }
    if (server().isAlive()) {
      server().close();
    }
  }
}
