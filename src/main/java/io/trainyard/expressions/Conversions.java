package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;

/** Operators that change the type of numbers, cut gradients, or make new tensors. */
final class Conversions {
  private static final String SAME = "any → same";

  static final Operator DETACH = Operator.of("detach(Tensor input)", SAME, g -> g.tensor(0)).cut();

  static final List<Operator> OPERATORS = operators();

  private Conversions() {}

  private static List<Operator> operators() {
    List<Operator> list = new ArrayList<>(List.of(DETACH));
    list.add(cast("float", DType.FLOAT32));
    list.add(cast("double", DType.FLOAT64));
    list.add(cast("long", DType.INT64).cut());
    list.add(cast("bool", DType.BOOL).cut());
    list.add(
        Operator.of(
                "type_as(Tensor input, Tensor other)",
                "any → same, in the other's type",
                g -> g.tensor(0).withDtype(g.tensor(1).dtype()))
            .gradient(Operator.Gradient.FIRST));
    list.add(
        Operator.of("clone(Tensor input)", SAME, g -> g.tensor(0))
            .as(a -> "torch.clone(" + a.get(0) + ")"));
    list.add(Operator.of("contiguous(Tensor input)", SAME, g -> g.tensor(0)));
    for (String name : List.of("zeros_like", "ones_like")) {
      list.add(Operator.of(name + "(Tensor input)", SAME, g -> g.tensor(0)).cut());
    }
    list.add(
        Operator.of("full_like(Tensor input, Number fill_value)", SAME, g -> g.tensor(0)).cut());
    list.add(
        Operator.of("tensor(numbers data)", "a number → [], a list of n → [n]", Conversions::tensor)
            .cut());
    list.add(
        Operator.of(
                "one_hot(Tensor input, int num_classes)",
                "int64 […] → int64 […, classes]",
                Conversions::oneHot)
            .cut());
    return List.copyOf(list);
  }

  private static Operator cast(String name, DType to) {
    return Operator.of(
            name + "(Tensor input)", "any → same, as " + to, g -> g.tensor(0).withDtype(to))
        .as(a -> "torch.to(" + a.get(0) + ", " + to.code() + ")");
  }

  private static TensorType tensor(Given given) {
    Object data = given.values().get(0);
    List<?> numbers = data instanceof List<?> list ? list : List.of(data);
    DType dtype = numbers.isEmpty() ? DType.FLOAT32 : DType.promote(numbers);
    return data instanceof List<?> ? TensorType.of(dtype, numbers.size()) : TensorType.of(dtype);
  }

  private static TensorType oneHot(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    if (type.dtype() != DType.INT64) {
      throw given.refuse("needs int64 classes, got " + type.dtype());
    }
    int classes = given.integer(1);
    if (classes < 1) {
      throw given.refuse("num_classes must be at least 1");
    }
    List<Long> sizes = new ArrayList<>(type.sizes());
    sizes.add((long) classes);
    return type.withSizes(sizes);
  }
}
