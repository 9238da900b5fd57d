package io.trainyard.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Where on this machine the files of a job are: {@code <home>/jobs/<job>/}. */
@Component
public class JobDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(JobDirectories.class);

  private final Path root;
  private final Path server;

  JobDirectories(@Value("${trainyard.home}") Path home, ServerDirectory server) {
    this.root = home.toAbsolutePath().normalize().resolve("jobs");
    this.server = server.path();
  }

  Path of(String job) {
    return root.resolve(job);
  }

  Path artifacts(String job) {
    return of(job).resolve("artifacts");
  }

  /** A new file for what is on its way to another place. */
  public Path newSpool() throws IOException {
    return Files.createTempFile(runners(), "spool-", ".tmp");
  }

  /** The ids of the jobs that have a directory here. */
  public List<String> jobs() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> directories = Files.list(root)) {
      return directories
          .map(directory -> directory.getFileName().toString())
          .filter(name -> name.startsWith("job_"))
          .toList();
    }
  }

  /** Removes all that is of a job on this machine, even while others do the same. */
  public void delete(String job) throws IOException {
    boolean again = true;
    while (again) {
      try {
        again = FileSystemUtils.deleteRecursively(of(job));
      } catch (NoSuchFileException e) {
        LOG.debug("{} has just been deleted", e.getFile());
      }
    }
  }

  /** A new directory for a runner to work in; crash reports of the JVM land here. */
  public Path newWork() throws IOException {
    // Below the home as the logs are, which are second names of files in it.
    return Files.createTempDirectory(runners(), "runner-");
  }

  private Path runners() throws IOException {
    return Files.createDirectories(server.resolve("runners"));
  }

  /** Removes the directories of runners that this server, killed, left behind. */
  public void clearWork() throws IOException {
    Path runners = server.resolve("runners");
    if (Files.exists(runners)) {
      FileSystemUtils.deleteRecursively(runners);
    }
  }

  /** What a runner prints. Its directory is made if missing. */
  public Path log(String job, int attempt) throws IOException {
    return Files.createDirectories(of(job).resolve("logs")).resolve(attempt + ".log");
  }

  /** What a process of the service itself prints. Its directory is made if missing. */
  public Path serviceLog(String name) throws IOException {
    return Files.createDirectories(server.resolve("logs")).resolve(name + ".log");
  }

  /** The logs of a job's attempts, oldest first. */
  public List<Path> logs(String job) throws IOException {
    Path directory = of(job).resolve("logs");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted(Comparator.comparingInt(JobDirectories::attempt)).toList();
    }
  }

  private static int attempt(Path log) {
    return Integer.parseInt(log.getFileName().toString().replace(".log", ""));
  }
}
