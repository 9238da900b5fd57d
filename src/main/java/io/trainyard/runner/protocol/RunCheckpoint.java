package io.trainyard.runner.protocol;

/**
 * A stored checkpoint.
 *
 * @param epoch finished epochs
 * @param sha256 of its manifest, hexadecimal
 */
public record RunCheckpoint(int epoch, String sha256) {}
