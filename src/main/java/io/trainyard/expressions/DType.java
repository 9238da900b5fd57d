package io.trainyard.expressions;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The types of elements, from the lowest to the highest in torch's promotion. */
public enum DType {
  BOOL(11),
  INT64(4),
  FLOAT32(6),
  FLOAT64(7);

  private final int code;

  DType(int code) {
    this.code = code;
  }

  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** The number that torch's operators take for it (c10::ScalarType). */
  int code() {
    return code;
  }

  /** What an operator that needs real numbers computes in. */
  DType real() {
    return isFloat() ? this : FLOAT32;
  }

  /**
   * torch.result_type: tensors with dimensions decide before single numbers in tensors, these
   * before plain numbers; a later one counts if it is of a higher category.
   *
   * @param operands TensorTypes, Longs and Doubles
   */
  static DType promote(List<?> operands) {
    @Nullable DType withDimensions = null;
    @Nullable DType single = null;
    @Nullable DType plain = null;
    for (Object operand : operands) {
      if (operand instanceof TensorType tensor) {
        if (tensor.rank() > 0) {
          withDimensions = higher(withDimensions, tensor.dtype());
        } else {
          single = higher(single, tensor.dtype());
        }
      } else {
        plain = higher(plain, operand instanceof Double ? FLOAT32 : INT64);
      }
    }
    DType result = combine(withDimensions, combine(single, plain));
    if (result == null) {
      throw new IllegalArgumentException("nothing to promote");
    }
    return result;
  }

  private static DType higher(@Nullable DType a, DType b) {
    return a == null || b.compareTo(a) > 0 ? b : a;
  }

  private static @Nullable DType combine(@Nullable DType first, @Nullable DType second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    boolean decides = first.isFloat() || (first == INT64 && !second.isFloat());
    return decides ? first : higher(first, second);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
