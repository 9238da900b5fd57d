package io.trainyard.datasets;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How features are scaled, by statistics of the training split alone. */
public enum Normalization {
  /** Not at all. */
  NONE,
  /** To mean 0 and (population) standard deviation 1; a constant feature to 0. */
  STANDARD,
  /** To 0…1; a constant feature to 0. */
  MINMAX;

  /** The word that documents use. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Normalization of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
