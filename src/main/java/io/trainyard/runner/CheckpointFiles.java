package io.trainyard.runner;

import io.trainyard.shared.Digests;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Writes and checks the files of checkpoints. */
final class CheckpointFiles {
  static final String STATE = "state.safetensors";
  static final String MANIFEST = "manifest.json";

  private CheckpointFiles() {}

  interface Content {
    void write(OutputStream out) throws IOException;
  }

  /**
   * A file's content in short.
   *
   * @param sha256 hexadecimal
   */
  record Summary(String sha256, long bytes) {}

  /**
   * Writes a file so that it is there as a whole or not at all, whenever the machine stops: aside,
   * synced, then renamed.
   */
  static Summary write(Path file, Content content) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".tmp");
    MessageDigest digest = Digests.sha256();
    try (FileChannel channel =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out =
          new BufferedOutputStream(
              new DigestOutputStream(Channels.newOutputStream(channel), digest));
      content.write(out);
      out.flush();
      channel.force(true);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new Summary(Digests.hex(digest.digest()), Files.size(file));
  }

  static Summary summarize(Path file) throws IOException {
    MessageDigest digest = Digests.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      long bytes = in.transferTo(OutputStream.nullOutputStream());
      return new Summary(Digests.hex(digest.digest()), bytes);
    }
  }
}
