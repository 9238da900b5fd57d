package io.trainyard.jobs;

import io.trainyard.shared.Problem;

/** Published when a posted job is not taken. */
public record JobRefused(Problem.Kind kind) {}
