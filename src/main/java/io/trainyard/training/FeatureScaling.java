package io.trainyard.training;

import java.util.List;

/**
 * The statistics of the training rows by which features are scaled: {@code (x - offset) / scale},
 * one number of each per element of an input.
 */
public record FeatureScaling(List<Double> offset, List<Double> scale) {}
