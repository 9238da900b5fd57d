package io.trainyard.artifacts;

import java.io.IOException;
import java.nio.file.Path;

/** The files of jobs for tests of what keeps some. */
public final class TestArtifacts {
  private TestArtifacts() {}

  /** Of a server that holds a place in {@code home}. */
  static JobDirectories directories(Path home) throws IOException {
    return new JobDirectories(home, new ServerDirectory(home));
  }

  /** The files below a home directory. */
  public static ArtifactStore in(Path home) throws IOException {
    return new DirectoryArtifactStore(directories(home));
  }
}
