package io.trainyard.artifacts;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * What is one server's own: {@code <home>/servers/<n>/}. Several servers may share a home, as the
 * replicas of a container on one volume do; each holds the first directory that no other server
 * holds, by a lock that ends with its process. So a server that starts again finds what its former
 * self left behind.
 */
@Component
public class ServerDirectory implements DisposableBean {
  private static final int MOST = 1000;

  private final Path path;
  private final FileChannel lock;

  ServerDirectory(@Value("${trainyard.home}") Path home) throws IOException {
    Path servers = home.toAbsolutePath().normalize().resolve("servers");
    for (int n = 0; n < MOST; n++) {
      Path candidate = Files.createDirectories(servers.resolve(Integer.toString(n)));
      FileChannel held = hold(candidate.resolve("lock"));
      if (held != null) {
        this.path = candidate;
        this.lock = held;
        return;
      }
    }
    throw new IOException(MOST + " servers hold " + servers + " already");
  }

  public Path path() {
    return path;
  }

  @Override
  public void destroy() throws IOException {
    lock.close();
  }

  private static @Nullable FileChannel hold(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null; // another server in this very process
    }
    if (held == null) {
      channel.close();
      return null;
    }
    return channel;
  }
}
