package io.trainyard.runner.protocol;

/** A calculator's first message: that it is ready, and that it is the one that was started. */
public record CalculatorHello(String token) {}
