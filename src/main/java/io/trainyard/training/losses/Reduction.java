package io.trainyard.training.losses;

import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;

/** torch's {@code reduction} to one number per batch. */
enum Reduction {
  MEAN("mean", 1),
  SUM("sum", 2);

  static final Argument<String> ARGUMENT =
      Argument.oneOf("reduction", MEAN.word, SUM.word).orElse(MEAN.word);

  private final String word;
  private final int code;

  Reduction(String word, int code) {
    this.word = word;
    this.code = code;
  }

  static Reduction of(Arguments arguments) {
    return arguments.get(ARGUMENT).equals(SUM.word) ? SUM : MEAN;
  }

  /** The number that torch's operators take for it (at::Reduction). */
  int code() {
    return code;
  }

  /** What a sum over {@code prediction} is multiplied by, applied to the gradients of its parts. */
  String of(String gradients, String prediction) {
    return this == SUM
        ? gradients
        : "torch.div(%s, torch.numel(%s))".formatted(gradients, prediction);
  }
}
