package io.trainyard.models;

import java.util.List;

/** How a tensor's first values come about. */
public sealed interface Init {

  /** Uniform in [from, to). */
  record Uniform(double from, double to) implements Init {}

  /** Normally distributed. */
  record Normal(double mean, double std) implements Init {
    /** torch's {@code randn}. */
    public Normal() {
      this(0, 1);
    }
  }

  /** The same value everywhere; draws nothing. */
  record Constant(double value) implements Init {}

  /** Zeros of whole numbers (int64), as torch counts in; draws nothing. */
  record Count() implements Init {}

  /**
   * Whatever operators make.
   *
   * @param statements of TorchScript in serialized form, which write to all of the array {@code w}
   */
  record Statements(List<String> statements) implements Init {}

  /**
   * {@code kaiming_uniform_(a=sqrt(5))} of torch.nn.Linear and the convolutions: uniform, bound
   * 1/sqrt(fan_in).
   */
  static Init kaimingUniform(long fanIn) {
    double bound = 1 / Math.sqrt((double) fanIn);
    return new Uniform(-bound, bound);
  }
}
