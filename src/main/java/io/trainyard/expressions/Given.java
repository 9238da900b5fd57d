package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of an operator, as a rule sees them: types of tensors, values of numbers.
 *
 * @param values a TensorType, Long, Double, Boolean, String, None or a List for each parameter
 */
record Given(Term.Apply term, List<Object> values) {

  TensorType tensor(int index) {
    return (TensorType) values.get(index);
  }

  /** A tensor that is not of whole numbers or a mask. */
  TensorType real(int index) throws ExpressionException {
    TensorType type = tensor(index);
    if (!type.dtype().isFloat()) {
      throw refuse("needs a floating point tensor, got " + type.dtype());
    }
    return type;
  }

  TensorType tensor(int index, int rank) throws ExpressionException {
    TensorType type = tensor(index);
    if (type.rank() != rank) {
      throw refuse("expected a " + rank + "-D tensor, got " + type.shape());
    }
    return type;
  }

  boolean isNone(int index) {
    return values.get(index) == Term.None.NONE;
  }

  int integer(int index) throws ExpressionException {
    long value = (Long) values.get(index);
    if (value != (int) value) {
      throw refuse(value + " is too large");
    }
    return (int) value;
  }

  long whole(int index) {
    return (Long) values.get(index);
  }

  boolean flag(int index) {
    return (Boolean) values.get(index);
  }

  /** A list, of a single whole number too; null for None. */
  @Nullable List<Long> ints(int index) {
    Object value = values.get(index);
    if (value instanceof Long one) {
      return List.of(one);
    }
    return value instanceof List<?> list ? list.stream().map(Long.class::cast).toList() : null;
  }

  List<TensorType> tensors(int index) {
    return ((List<?>) values.get(index)).stream().map(TensorType.class::cast).toList();
  }

  /** A dimension of a tensor of that many, counted from 0. */
  int dim(int index, int rank) throws ExpressionException {
    return place(integer(index), rank);
  }

  int place(long dim, int rank) throws ExpressionException {
    // A single number has a dimension to speak of, as in torch.
    int reach = Math.max(rank, 1);
    if (dim < -reach || dim >= reach) {
      throw refuse(
          "dimension %d is out of range, expected %d to %d".formatted(dim, -reach, reach - 1));
    }
    return (int) (dim < 0 ? dim + reach : dim);
  }

  /** The places of several dimensions, all different; all dimensions for none. */
  List<Integer> dims(int index, int rank) throws ExpressionException {
    List<Long> given = ints(index);
    List<Integer> places = new ArrayList<>();
    if (given == null || given.isEmpty()) {
      for (int i = 0; i < rank; i++) {
        places.add(i);
      }
      return places;
    }
    for (long dim : given) {
      int place = place(dim, rank);
      if (places.contains(place)) {
        throw refuse("dimension " + dim + " is given twice");
      }
      places.add(place);
    }
    return places;
  }

  ExpressionException refuse(String detail) {
    return new ExpressionException(term.column(), term.spelled() + ": " + detail);
  }
}
