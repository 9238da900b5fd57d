package io.trainyard.training.djl;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The PyTorch engine of this process. */
final class Engines {
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  private static @Nullable Engine loaded;

  private Engines() {}

  /**
   * Loads PyTorch at the first call. On a new machine that unpacks the native libraries into DJL's
   * cache, and DJL empties the directory before it does: two runners must not be there at once.
   */
  static synchronized Engine pytorch() {
    if (loaded == null) {
      loaded = load();
    }
    return loaded;
  }

  private static Engine load() {
    Path cache = Utils.getCacheDir();
    try {
      Files.createDirectories(cache);
      try (FileChannel file =
          FileChannel.open(
              cache.resolve("trainyard.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        FileLock lock = file.lock();
        try {
          return Engine.getEngine("PyTorch");
        } finally {
          lock.release();
        }
      }
    } catch (IOException e) {
      // A cache that cannot be written to was filled when the image was built.
      LOG.debug("no lock on {}: {}", cache, e.toString());
      return Engine.getEngine("PyTorch");
    }
  }
}
