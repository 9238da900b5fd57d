package io.trainyard.expressions;

import java.util.List;

/** Types of the operators that compute one number from several. */
final class Arithmetic {
  private Arithmetic() {}

  /** The shape of all, in the type that they share. */
  static TensorType shared(Given given) throws ExpressionException {
    return together(given, given.values().size());
  }

  /** The same of the first so many. */
  static TensorType together(Given given, int count) throws ExpressionException {
    List<Object> operands =
        given.values().subList(0, count).stream().filter(Arithmetic::counts).toList();
    List<Long> sizes = List.of();
    for (Object operand : operands) {
      if (operand instanceof TensorType type) {
        sizes = Shapes.broadcast(given, sizes, type.sizes());
      }
    }
    Shapes.elements(given, sizes);
    return new TensorType(DType.promote(operands), sizes);
  }

  private static boolean counts(Object value) {
    return value instanceof TensorType || value instanceof Number;
  }

  /** The factor {@code alpha} has no part in the type. */
  static TensorType sum(Given given) throws ExpressionException {
    TensorType type = together(given, 2);
    if (given.values().size() > 2 && given.values().get(2) instanceof Double && !isReal(type)) {
      throw given.refuse("alpha must be a whole number for " + type.dtype());
    }
    return type;
  }

  static TensorType difference(Given given) throws ExpressionException {
    for (Object value : given.values()) {
      if (value instanceof TensorType type && type.dtype() == DType.BOOL) {
        throw given.refuse(
            "a mask cannot be subtracted; ~ inverts it, .float() makes numbers of it");
      }
    }
    return sum(given);
  }

  static TensorType quotient(Given given) throws ExpressionException {
    TensorType type = shared(given);
    return type.withDtype(type.dtype().real());
  }

  static TensorType power(Given given) throws ExpressionException {
    TensorType type = shared(given);
    if (type.dtype() == DType.BOOL) {
      throw given.refuse("is not for masks; .float() makes numbers of one");
    }
    if (!isReal(type) && given.values().get(1) instanceof Long exponent && exponent < 0) {
      throw given.refuse("whole numbers have no negative powers; .float() makes real ones of them");
    }
    return type;
  }

  /** torch promotes nothing here. */
  static TensorType between(Given given) throws ExpressionException {
    DType dtype = given.real(0).dtype();
    for (Object value : given.values()) {
      if (value instanceof TensorType type && type.dtype() != dtype) {
        throw given.refuse(
            "needs tensors of one type, got %s and %s".formatted(dtype, type.dtype()));
      }
    }
    return shared(given);
  }

  private static boolean isReal(TensorType type) {
    return type.dtype().isFloat();
  }
}
