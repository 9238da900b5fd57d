package io.trainyard.training.djl;

import io.trainyard.training.TrainingResult.End;
import org.jspecify.annotations.Nullable;

/** The way out of a training that does not come to its end. */
final class Ended extends Exception {
  private static final long serialVersionUID = 1L;

  private final End end;
  private final @Nullable String detail;

  Ended(End end, @Nullable String detail) {
    super(detail, null, false, false);
    this.end = end;
    this.detail = detail;
  }

  End end() {
    return end;
  }

  @Nullable String detail() {
    return detail;
  }
}
