package io.trainyard.datasets;

import io.trainyard.shared.Problem;

/**
 * Which array it is.
 *
 * @param name {@link ArraysProfile#X} or {@link ArraysProfile#Y}
 * @param part of the upload that it is in
 */
record ArrayPlace(String name, String part) {
  boolean inputs() {
    return name.equals(ArraysProfile.X);
  }

  /** What is wrong with it. */
  Problem refusal(String what) {
    return Problem.invalid("/" + part, "array '" + name + "' " + what);
  }
}
