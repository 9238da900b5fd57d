package io.trainyard.artifacts;

import io.trainyard.shared.Digests;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Artifacts in {@code <home>/jobs/<job>/artifacts}: written aside, synced and renamed. The digest
 * is kept beside the file.
 */
@Component
class DirectoryArtifactStore implements ArtifactStore {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryArtifactStore.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final String DIGEST = ".sha256";

  private final JobDirectories directories;

  DirectoryArtifactStore(JobDirectories directories) {
    this.directories = directories;
  }

  @Override
  public Artifact put(String job, String name, InputStream content) throws IOException {
    Path file = file(job, name);
    Files.createDirectories(file.getParent());
    Path aside = Files.createTempFile(file.getParent(), ".put", ".tmp");
    try {
      MessageDigest digest = Digests.sha256();
      try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE);
          OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest)) {
        content.transferTo(out);
        channel.force(true);
      }
      Files.writeString(digestOf(file), Digests.hex(digest.digest()));
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    clearAsides(directories.artifacts(job));
    return describe(file);
  }

  @Override
  public List<Artifact> list(String job) throws IOException {
    Path directory = directories.artifacts(job);
    List<Artifact> artifacts = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.sorted().toList()) {
          if (!file.getFileName().toString().startsWith(".")) {
            try {
              artifacts.add(describe(file));
            } catch (NoSuchFileException e) {
              LOG.debug("{} has just been deleted", file);
            }
          }
        }
      }
    }
    return artifacts;
  }

  @Override
  public Optional<InputStream> open(String job, String name) throws IOException {
    Path file = file(job, name);
    return Files.isRegularFile(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
  }

  /**
   * By a second name for the same file, where the file system has that: large files take no time.
   */
  @Override
  public Optional<Artifact> copy(String from, String name, String to, String newName)
      throws IOException {
    Path source = file(from, name);
    Path target = file(to, newName);
    try {
      Files.createDirectories(target.getParent());
      Files.createLink(target, source);
      if (Files.exists(digestOf(source))) {
        Files.copy(digestOf(source), digestOf(target), StandardCopyOption.REPLACE_EXISTING);
      }
      return Optional.of(describe(target));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (FileSystemException | UnsupportedOperationException e) {
      LOG.debug("no link from {} to {}: {}", target, source, e.toString());
      return ArtifactStore.super.copy(from, name, to, newName);
    }
  }

  @Override
  public void delete(String job, String name) throws IOException {
    Path file = file(job, name);
    Files.deleteIfExists(file);
    Files.deleteIfExists(digestOf(file));
  }

  @Override
  public List<String> jobs() throws IOException {
    return directories.jobs();
  }

  @Override
  public void deleteAll(String job) throws IOException {
    directories.delete(job);
  }

  /** What a killed server had begun to write; one that is being written has changed just now. */
  private static void clearAsides(Path directory) throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(ABANDONED));
    try (DirectoryStream<Path> asides = Files.newDirectoryStream(directory, ".put*.tmp")) {
      for (Path aside : asides) {
        try {
          if (Files.getLastModifiedTime(aside).compareTo(old) < 0) {
            Files.deleteIfExists(aside);
          }
        } catch (NoSuchFileException e) {
          LOG.debug("{} has just been finished", aside);
        }
      }
    }
  }

  private Path file(String job, String name) {
    if (!NAME.matcher(name).matches()) {
      throw Problem.notFound("artifact", name);
    }
    return directories.artifacts(job).resolve(name);
  }

  private static Path digestOf(Path file) {
    return file.resolveSibling("." + file.getFileName() + DIGEST);
  }

  private static Artifact describe(Path file) throws IOException {
    return new Artifact(
        file.getFileName().toString(),
        Files.size(file),
        Files.readString(digestOf(file)),
        Files.getLastModifiedTime(file).toInstant());
  }
}
