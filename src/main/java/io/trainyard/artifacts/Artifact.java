package io.trainyard.artifacts;

import java.time.Instant;

/** A file that a job made. */
public record Artifact(String name, long bytes, String sha256, Instant createdAt) {
  /** Begins the names of files that belong to deployments of the job's models. */
  public static final String DEPLOYMENT = "deployment-";
}
