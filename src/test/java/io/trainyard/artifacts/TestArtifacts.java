package io.trainyard.artifacts;

import java.io.IOException;
import java.nio.file.Path;

/** The files of jobs for tests of what keeps some. */
public final class TestArtifacts {
  private TestArtifacts() {}

  /** Of a server that holds a place in {@code home}. */
  public static JobDirectories directories(Path home) throws IOException {
    return new JobDirectories(home, new ServerDirectory(home));
  }

  public static ArtifactStore store(JobDirectories directories) {
    return new DirectoryArtifactStore(directories);
  }
}
