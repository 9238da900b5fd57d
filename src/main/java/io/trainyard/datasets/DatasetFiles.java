package io.trainyard.datasets;

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
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The uploaded files, each named by its dataset's id; one that is not whole ends in .part. */
final class DatasetFiles {
  private final Path directory;

  DatasetFiles(Path home) {
    this.directory = home.resolve("datasets");
  }

  /** A file that has arrived and is not yet in its place. */
  record Upload(Path part, Path place, long bytes, String sha256) {}

  /** Writes a stream aside, to the disk and not only to its cache. */
  Upload receive(String id, InputStream in) throws IOException {
    Files.createDirectories(directory);
    Path part = directory.resolve(id + ".part");
    MessageDigest sha256 = sha256();
    try (FileChannel file =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new DigestOutputStream(Channels.newOutputStream(file), sha256);
      long bytes = in.transferTo(out);
      file.force(true);
      return new Upload(
          part, directory.resolve(id), bytes, HexFormat.of().formatHex(sha256.digest()));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(part);
      throw e;
    }
  }

  /** Puts a file in its place, at once and so that it outlasts a loss of power. */
  void keep(Upload upload) throws IOException {
    Files.move(upload.part(), upload.place(), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  void discard(Upload upload) throws IOException {
    Files.deleteIfExists(upload.part());
    Files.deleteIfExists(upload.place());
  }

  InputStream open(String id) throws IOException {
    return Files.newInputStream(directory.resolve(id));
  }

  void delete(String id) throws IOException {
    Files.deleteIfExists(directory.resolve(id));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
