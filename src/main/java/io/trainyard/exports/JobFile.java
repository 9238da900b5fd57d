package io.trainyard.exports;

import io.trainyard.artifacts.Artifact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file of a job.
 *
 * @param generated whether it is made when it is asked for; the rest is then unknown before
 */
public record JobFile(
    String name,
    @Nullable Long bytes,
    @Nullable String sha256,
    @Nullable Instant createdAt,
    boolean generated) {

  static JobFile stored(Artifact artifact) {
    return new JobFile(
        artifact.name(), artifact.bytes(), artifact.sha256(), artifact.createdAt(), false);
  }

  static JobFile generated(String name) {
    return new JobFile(name, null, null, null, true);
  }
}
