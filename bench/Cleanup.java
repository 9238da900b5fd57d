import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ends the processes and deletes the directories of a benchmark when it ends, also by a signal. */
final class Cleanup {
  private static final int GRACE_SECONDS = 20;

  private static final Deque<Process> CHILDREN = new ArrayDeque<>();
  private static final Deque<Path> DIRECTORIES = new ArrayDeque<>();
  private static boolean begun;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::run));
  }

  private Cleanup() {}

  static synchronized Process child(Process child) {
    CHILDREN.removeIf(process -> !process.isAlive());
    CHILDREN.push(child);
    if (begun) {
      child.destroyForcibly();
    }
    return child;
  }

  static synchronized Path directory(Path directory) {
    DIRECTORIES.push(directory);
    return directory;
  }

  static synchronized boolean begun() {
    return begun;
  }

  private static synchronized void run() {
    begun = true;
    CHILDREN.forEach(Process::destroy);
    CHILDREN.forEach(Cleanup::await);
    DIRECTORIES.forEach(Cleanup::delete);
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      System.err.println("bench: cannot delete " + directory + ": " + e);
    }
  }
}
