package io.trainyard.runner.protocol;

/**
 * The first message of a process that takes orders: that it is ready, and that it is the one that
 * was started.
 */
public record Hello(String token) {}
