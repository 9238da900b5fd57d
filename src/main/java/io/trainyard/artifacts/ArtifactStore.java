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

  /**
   * Gives a job a file of another one, which from then on is its own.
   *
   * @return empty if there is no such file
   */
  default Optional<Artifact> copy(String from, String name, String to, String newName)
      throws IOException {
    try (InputStream content = open(from, name).orElse(null)) {
      return content == null ? Optional.empty() : Optional.of(put(to, newName, content));
    }
  }

  /** Removes a file, if it is there. */
  void delete(String job, String name) throws IOException;

  /** Removes all files of a job. */
  void deleteAll(String job) throws IOException;

  /** The ids of the jobs that have files. */
  List<String> jobs() throws IOException;
}
