package io.trainyard.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Keeps the files of jobs. A file is there whole or not at all. */
public interface ArtifactStore {

  /** Stores a file in place of one of the same name. */
  Artifact put(String job, String name, InputStream content) throws IOException;

  List<Artifact> list(String job) throws IOException;

  Optional<InputStream> open(String job, String name) throws IOException;

  /** Removes all files of a job. */
  void deleteAll(String job) throws IOException;
}
