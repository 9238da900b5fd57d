package io.trainyard.training;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one epoch gave.
 *
 * @param epoch counted from 1
 * @param trainLoss mean over the samples of the batch losses as they were before each update (the
 *     plain sum where the loss is summed)
 * @param validationLoss over the validation split after the epoch; null without one
 * @param lr the learning rate of the epoch's steps
 * @param metrics of the validation split where there is one, else of the training rows
 */
public record Epoch(
    int epoch,
    double trainLoss,
    @Nullable Double validationLoss,
    double lr,
    double durationSeconds,
    double samplesPerSecond,
    Map<String, Double> metrics) {}
