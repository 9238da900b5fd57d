package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;

/** Operators that take parts of tensors, and those that join tensors. */
final class Parts {
  static final Operator SELECT =
      Operator.of("select(Tensor input, int dim, int index)", "without dim", Parts::select);

  static final Operator SLICE =
      Operator.of(
          "slice(Tensor input, int dim, int? start, int? end, int step)",
          "shorter at dim",
          Parts::slice);

  static final List<Operator> OPERATORS = operators();

  private Parts() {}

  private static List<Operator> operators() {
    List<Operator> list = new ArrayList<>(List.of(SELECT));
    for (String name : List.of("cat", "concat")) {
      list.add(
          Operator.of(name + "(tensors tensors, int dim=0)", "joined at dim", Parts::cat)
              .as("cat"));
    }
    list.add(Operator.of("stack(tensors tensors, int dim=0)", "joined at a new dim", Parts::stack));
    list.add(
        Operator.of(
            "narrow(Tensor input, int dim, int start, int length)",
            "length at dim",
            Parts::narrow));
    list.add(
        Operator.of(
                "gather(Tensor input, int dim, Tensor index)", "the index's shape", Parts::gather)
            .gradient(Operator.Gradient.FIRST));
    return List.copyOf(list);
  }

  private static TensorType select(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    if (type.rank() == 0) {
      throw given.refuse("a single number has no dimension to select in");
    }
    int dim = given.dim(1, type.rank());
    long size = type.sizes().get(dim);
    long index = given.whole(2);
    if (index < -size || index >= size) {
      throw given.refuse(
          "index %d is out of range for dimension %d of %s".formatted(index, dim, type.shape()));
    }
    return type.withSizes(Shapes.without(type.sizes(), List.of(dim), false));
  }

  private static TensorType slice(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    if (type.rank() == 0) {
      throw given.refuse("a single number has no dimension to slice");
    }
    int dim = given.dim(1, type.rank());
    long size = type.sizes().get(dim);
    long start = given.isNone(2) ? 0 : bound(given.whole(2), size);
    long end = given.isNone(3) ? size : bound(given.whole(3), size);
    long step = given.whole(4);
    if (step < 1) {
      throw given.refuse("the step must be at least 1");
    }
    return type.withSizes(
        Shapes.with(type.sizes(), dim, Math.max(0, (end - start + step - 1) / step)));
  }

  private static long bound(long index, long size) {
    return Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  private static TensorType narrow(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    int dim = given.dim(1, type.rank());
    long start = given.whole(2);
    long length = given.whole(3);
    if (type.rank() == 0 || start < 0 || length < 0 || start + length > type.sizes().get(dim)) {
      throw given.refuse("start and length leave " + type.shape());
    }
    return type.withSizes(Shapes.with(type.sizes(), dim, length));
  }

  private static TensorType gather(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    TensorType index = given.tensor(2);
    if (index.dtype() != DType.INT64) {
      throw given.refuse("the index must be int64, got " + index.dtype());
    }
    int dim = given.dim(1, type.rank());
    boolean fits = type.rank() == index.rank();
    for (int i = 0; fits && i < type.rank(); i++) {
      fits = i == dim || index.sizes().get(i) <= type.sizes().get(i);
    }
    if (!fits) {
      throw given.refuse(
          "an index of shape %s does not fit %s".formatted(index.shape(), type.shape()));
    }
    return type.withSizes(index.sizes());
  }

  private static TensorType cat(Given given) throws ExpressionException {
    List<TensorType> types = given.tensors(0);
    TensorType first = first(given, types);
    if (first.rank() == 0) {
      throw given.refuse("numbers have no dimension to be joined at; stack them");
    }
    int dim = given.dim(1, first.rank());
    long size = 0;
    for (TensorType type : types) {
      if (type.rank() != first.rank()
          || !Shapes.with(type.sizes(), dim, 0).equals(Shapes.with(first.sizes(), dim, 0))) {
        throw given.refuse(
            "shapes %s and %s differ beside dimension %d"
                .formatted(first.shape(), type.shape(), dim));
      }
      size += type.sizes().get(dim);
    }
    return new TensorType(DType.promote(types), Shapes.with(first.sizes(), dim, size));
  }

  private static TensorType stack(Given given) throws ExpressionException {
    List<TensorType> types = given.tensors(0);
    TensorType first = first(given, types);
    for (TensorType type : types) {
      if (!type.sizes().equals(first.sizes())) {
        throw given.refuse("shapes %s and %s differ".formatted(first.shape(), type.shape()));
      }
    }
    List<Long> sizes = new ArrayList<>(first.sizes());
    sizes.add(given.dim(1, first.rank() + 1), (long) types.size());
    return new TensorType(DType.promote(types), sizes);
  }

  private static TensorType first(Given given, List<TensorType> types) throws ExpressionException {
    if (types.isEmpty()) {
      throw given.refuse("needs at least one tensor");
    }
    return types.get(0);
  }
}
