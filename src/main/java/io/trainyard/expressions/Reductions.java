package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;

/** Operators that make one number of many, and those that work along a dimension. */
final class Reductions {
  private static final String ALL = "any → []";
  private static final String DIMS = "without dim, or 1 there with keepdim";
  private static final String ALONG = "any → same, along dim";

  static final List<Operator> OPERATORS = operators();

  private Reductions() {}

  private static List<Operator> operators() {
    List<Operator> list = new ArrayList<>();
    list.add(all("sum", Reductions::sum));
    list.add(dims("sum(Tensor input, ints? dim, bool keepdim=False)", Reductions::sum));
    list.add(all("mean", g -> g.real(0)));
    list.add(dims("mean(Tensor input, ints? dim, bool keepdim=False)", g -> g.real(0)));
    list.add(all("prod", Reductions::sum));
    list.add(dims("prod(Tensor input, int dim, bool keepdim=False)", Reductions::sum));
    for (String name : List.of("amax", "amin")) {
      list.add(dims(name + "(Tensor input, ints dim, bool keepdim=False)", g -> g.tensor(0)));
      list.add(
          all(name, g -> g.tensor(0))
              .as(a -> "torch." + name + "(" + a.get(0) + ", annotate(List[int], []), False)"));
    }
    for (String name : List.of("max", "min")) {
      list.add(all(name, g -> g.tensor(0)));
      list.add(
          Operator.of(
                  name + "(Tensor input, int dim, bool keepdim=False)",
                  DIMS + "; a pair",
                  Reductions::pair)
              .gives(Term.Kind.PAIR)
              .gradient(Operator.Gradient.ALL));
    }
    list.add(dims("logsumexp(Tensor input, ints dim, bool keepdim=False)", g -> g.real(0)));
    for (String name : List.of("var", "std")) {
      spread(list, name);
    }
    list.add(
        Operator.of(
            "norm(Tensor input, Number p=2)", ALL, g -> over(g, g.real(0), List.of(), false)));
    list.add(
        Operator.of(
            "norm(Tensor input, Number? p=2, ints dim, bool keepdim=False)",
            DIMS,
            g -> over(g, g.real(0), g.dims(2, g.tensor(0).rank()), g.flag(3))));
    for (String name : List.of("argmax", "argmin")) {
      list.add(
          Operator.of(
                  name + "(Tensor input, int? dim=None, bool keepdim=False)",
                  DIMS,
                  Reductions::index)
              .cut());
    }
    for (String name : List.of("softmax", "log_softmax", "softmin")) {
      Operator operator = Operator.of(name + "(Tensor input, int dim)", ALONG, Reductions::along);
      list.add(
          name.equals("softmin")
              ? operator.as(a -> "torch.softmax(torch.neg(" + a.get(0) + "), " + a.get(1) + ")")
              : operator);
    }
    list.add(Operator.of("cumsum(Tensor input, int dim)", ALONG, Reductions::cumulative));
    return List.copyOf(list);
  }

  private static void spread(List<Operator> list, String name) {
    list.add(
        Operator.of(
            name + "(Tensor input, bool unbiased=True)",
            ALL,
            g -> over(g, g.real(0), List.of(), false)));
    list.add(
        Operator.of(
            name + "(Tensor input, ints? dim, bool unbiased=True, bool keepdim=False)",
            DIMS,
            g -> over(g, g.real(0), g.dims(1, g.tensor(0).rank()), g.flag(3))));
    list.add(
        Operator.of(
            name + "(Tensor input, ints? dim=None, *, int correction, bool keepdim=False)",
            DIMS,
            g -> over(g, g.real(0), g.dims(1, g.tensor(0).rank()), g.flag(3))));
  }

  /** Over all dimensions. */
  private static Operator all(String name, Operator.Rule element) {
    return Operator.of(
        name + "(Tensor input)",
        ALL,
        g -> over(g, (TensorType) element.apply(g), List.of(), false));
  }

  /** Over the dimensions in the second argument, kept if the third says so. */
  private static Operator dims(String signature, Operator.Rule element) {
    return Operator.of(
        signature,
        DIMS,
        g -> over(g, (TensorType) element.apply(g), g.dims(1, g.tensor(0).rank()), g.flag(2)));
  }

  private static TensorType over(
      Given given, TensorType element, List<Integer> dims, boolean keep) {
    return element.withSizes(
        dims.isEmpty() ? List.of() : Shapes.without(given.tensor(0).sizes(), dims, keep));
  }

  private static TensorType sum(Given given) {
    TensorType type = given.tensor(0);
    return type.withDtype(type.dtype().isFloat() ? type.dtype() : DType.INT64);
  }

  private static Object pair(Given given) throws ExpressionException {
    TensorType values =
        over(given, given.tensor(0), List.of(given.dim(1, given.tensor(0).rank())), given.flag(2));
    return List.of(values, values.withDtype(DType.INT64));
  }

  private static TensorType index(Given given) throws ExpressionException {
    if (given.tensor(0).dtype() == DType.BOOL) {
      throw given.refuse("is not for masks; .float() makes numbers of one");
    }
    TensorType type = given.tensor(0).withDtype(DType.INT64);
    List<Integer> dims =
        given.isNone(1) ? given.dims(1, type.rank()) : List.of(given.dim(1, type.rank()));
    return over(given, type, dims, given.flag(2));
  }

  private static TensorType along(Given given) throws ExpressionException {
    given.dim(1, given.tensor(0).rank());
    return given.real(0);
  }

  private static TensorType cumulative(Given given) throws ExpressionException {
    given.dim(1, given.tensor(0).rank());
    return sum(given);
  }
}
