package io.trainyard.models;

/** How a parameter's first values are drawn. */
public sealed interface Init {

  /** Uniform in [-bound, bound). */
  record Uniform(double bound) implements Init {}

  /** Standard normal: torch's {@code randn}. */
  record Normal() implements Init {}

  /** The same value everywhere; draws nothing. */
  record Constant(double value) implements Init {}

  /** Zeros of whole numbers (int64), as torch counts in; draws nothing. */
  record Count() implements Init {}

  /**
   * {@code kaiming_uniform_(a=sqrt(5))} of torch.nn.Linear and the convolutions: uniform, bound
   * 1/sqrt(fan_in).
   */
  static Init kaimingUniform(long fanIn) {
    return new Uniform(1 / Math.sqrt((double) fanIn));
  }
}
