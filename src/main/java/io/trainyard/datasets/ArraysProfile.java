package io.trainyard.datasets;

/**
 * What a file of arrays holds.
 *
 * @param x the inputs, row after row
 * @param y the targets
 * @param target {@link Target.Integers} of whole numbers, one a row (up to 10,000 different ones),
 *     else {@link Target.Values}
 */
public record ArraysProfile(ArrayProfile x, ArrayProfile y, Target target) {
  static final String X = "x";
  static final String Y = "y";
}
