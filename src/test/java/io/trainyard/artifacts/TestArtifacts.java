package io.trainyard.artifacts;

import java.nio.file.Path;

/** Stores for tests of what uses them. */
public final class TestArtifacts {
  private TestArtifacts() {}

  /** The files below a home directory. */
  public static ArtifactStore in(Path home) {
    return new DirectoryArtifactStore(new JobDirectories(home));
  }
}
