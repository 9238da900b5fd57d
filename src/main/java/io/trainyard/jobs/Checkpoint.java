package io.trainyard.jobs;

import java.time.Instant;

/**
 * A stored state of a training.
 *
 * @param epoch finished epochs
 * @param row how many rows of the next epoch had trained; 0 for a state between epochs
 * @param attempt the run that stored it; 0 for one that a fork began with
 * @param cause "epoch", "time", "request", "pause", "stop" or "fork"
 * @param bytes of both files
 * @param sha256 of the manifest
 * @param best whether no stored checkpoint is of a better epoch
 * @param files their names in the artifact store
 */
public record Checkpoint(
    int epoch,
    int row,
    int attempt,
    String cause,
    long bytes,
    String sha256,
    boolean best,
    Instant createdAt,
    Files files) {

  /** Whether this state is a later one of the same training. */
  boolean isAfter(int otherEpoch, int otherRow) {
    return epoch != otherEpoch ? epoch > otherEpoch : row > otherRow;
  }

  /** The two files of a checkpoint. */
  public record Files(String state, String manifest) {
    String name(CheckpointPart part) {
      return part == CheckpointPart.STATE ? state : manifest;
    }
  }
}
