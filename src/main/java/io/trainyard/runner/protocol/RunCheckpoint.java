package io.trainyard.runner.protocol;

/**
 * A stored checkpoint.
 *
 * @param epoch finished epochs
 * @param row how many rows of the next epoch had trained
 * @param sha256 of its manifest, hexadecimal
 */
public record RunCheckpoint(int epoch, int row, String sha256) {}
