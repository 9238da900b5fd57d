package io.trainyard.datasets;

import io.trainyard.shared.Shape;

/** What a job is checked against: rows, the shape of one input, and the target. */
public record DatasetShape(long rows, Shape input, Target target) {}
