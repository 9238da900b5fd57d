package io.trainyard.artifacts;

import io.trainyard.shared.Digests;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Artifacts in {@code <home>/jobs/<job>/artifacts}: written aside, synced and renamed. The digest
 * is kept beside the file.
 */
@Component
class DirectoryArtifactStore implements ArtifactStore {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
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
            artifacts.add(describe(file));
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

  @Override
  public void deleteAll(String job) throws IOException {
    FileSystemUtils.deleteRecursively(directories.of(job));
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
