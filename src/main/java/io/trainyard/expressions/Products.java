package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;

/** Products of matrices and vectors. */
final class Products {
  static final List<Operator> OPERATORS = operators();

  private Products() {}

  private static List<Operator> operators() {
    List<Operator> list = new ArrayList<>();
    list.add(
        Operator.of(
            "mm(Tensor input, Tensor mat2)", "[n, m], [m, p] → [n, p]", g -> matrices(g, 0, 2)));
    list.add(
        Operator.of(
            "bmm(Tensor input, Tensor mat2)",
            "[b, n, m], [b, m, p] → [b, n, p]",
            g -> matrices(g, 0, 3)));
    list.add(
        Operator.of(
            "matmul(Tensor input, Tensor other)",
            "vectors, matrices or batches of them",
            Products::matmul));
    list.add(Operator.of("mv(Tensor input, Tensor vec)", "[n, m], [m] → [n]", g -> vector(g, 2)));
    list.add(Operator.of("dot(Tensor input, Tensor other)", "[n], [n] → []", g -> vector(g, 1)));
    list.add(Operator.of("outer(Tensor input, Tensor vec2)", "[n], [m] → [n, m]", Products::outer));
    list.add(
        Operator.of(
            "addmm(Tensor input, Tensor mat1, Tensor mat2, *, Number beta=1, Number alpha=1)",
            "broadcast to [n, p]; [n, m], [m, p] → [n, p]",
            Products::addmm));
    list.add(
        Operator.of(
            "linear(Tensor input, Tensor weight, Tensor? bias=None)",
            "[…, m], [p, m], [p] → […, p]",
            Products::linear));
    return List.copyOf(list);
  }

  private static void sameType(Given given, TensorType a, TensorType b) throws ExpressionException {
    if (a.dtype() != b.dtype()) {
      throw given.refuse(
          "needs tensors of one type, got %s and %s".formatted(a.dtype(), b.dtype()));
    }
    if (a.dtype() == DType.BOOL) {
      throw given.refuse("is not for masks; .float() makes numbers of one");
    }
  }

  private static TensorType matrices(Given given, int first, int rank) throws ExpressionException {
    TensorType a = given.tensor(first);
    TensorType b = given.tensor(first + 1);
    if (a.rank() != rank || b.rank() != rank) {
      throw given.refuse(
          "expected %d-D tensors, got %s and %s".formatted(rank, a.shape(), b.shape()));
    }
    return product(given, a, b);
  }

  /** Of matrices in the last two dimensions. */
  private static TensorType product(Given given, TensorType a, TensorType b)
      throws ExpressionException {
    sameType(given, a, b);
    int rank = a.rank();
    List<Long> batch = a.sizes().subList(0, rank - 2);
    if (!a.sizes().get(rank - 1).equals(b.sizes().get(rank - 2))
        || !batch.equals(b.sizes().subList(0, rank - 2))) {
      throw given.refuse("shapes %s and %s do not fit".formatted(a.shape(), b.shape()));
    }
    List<Long> sizes = new ArrayList<>(a.sizes().subList(0, rank - 1));
    sizes.add(b.sizes().get(rank - 1));
    Shapes.elements(given, sizes);
    return a.withSizes(sizes);
  }

  private static TensorType matmul(Given given) throws ExpressionException {
    TensorType a = given.tensor(0);
    TensorType b = given.tensor(1);
    sameType(given, a, b);
    if (a.rank() == 0 || b.rank() == 0) {
      throw given.refuse(
          "needs tensors with dimensions, got %s and %s".formatted(a.shape(), b.shape()));
    }
    List<Long> left = new ArrayList<>(a.sizes());
    List<Long> right = new ArrayList<>(b.sizes());
    if (a.rank() == 1) {
      left.add(0, 1L);
    }
    if (b.rank() == 1) {
      right.add(1L);
    }
    long inner = left.get(left.size() - 1);
    if (inner != right.get(right.size() - 2)) {
      throw given.refuse("shapes %s and %s do not fit".formatted(a.shape(), b.shape()));
    }
    List<Long> sizes =
        new ArrayList<>(
            Shapes.broadcast(
                given, left.subList(0, left.size() - 2), right.subList(0, right.size() - 2)));
    if (a.rank() > 1) {
      sizes.add(left.get(left.size() - 2));
    }
    if (b.rank() > 1) {
      sizes.add(right.get(right.size() - 1));
    }
    Shapes.elements(given, sizes);
    return a.withSizes(sizes);
  }

  private static TensorType vector(Given given, int rank) throws ExpressionException {
    TensorType a = given.tensor(0, rank);
    TensorType b = given.tensor(1, 1);
    sameType(given, a, b);
    if (!a.sizes().get(rank - 1).equals(b.sizes().get(0))) {
      throw given.refuse("shapes %s and %s do not fit".formatted(a.shape(), b.shape()));
    }
    return a.withSizes(a.sizes().subList(0, rank - 1));
  }

  private static TensorType outer(Given given) throws ExpressionException {
    List<Long> sizes =
        List.of(given.tensor(0, 1).sizes().get(0), given.tensor(1, 1).sizes().get(0));
    Shapes.elements(given, sizes);
    return new TensorType(DType.promote(given.values()), sizes);
  }

  private static TensorType addmm(Given given) throws ExpressionException {
    TensorType product = matrices(given, 1, 2);
    sameType(given, given.tensor(0), product);
    if (!Shapes.broadcast(given, given.tensor(0).sizes(), product.sizes())
        .equals(product.sizes())) {
      throw given.refuse(
          "shape %s does not broadcast to %s".formatted(given.tensor(0).shape(), product.shape()));
    }
    return product;
  }

  private static TensorType linear(Given given) throws ExpressionException {
    TensorType x = given.tensor(0);
    TensorType weight = given.tensor(1, 2);
    sameType(given, x, weight);
    if (x.rank() == 0 || !x.sizes().get(x.rank() - 1).equals(weight.sizes().get(1))) {
      throw given.refuse("shapes %s and %s do not fit".formatted(x.shape(), weight.shape()));
    }
    long out = weight.sizes().get(0);
    if (!given.isNone(2) && !given.tensor(2).sizes().equals(List.of(out))) {
      throw given.refuse(
          "expected a bias of shape [%d], got %s".formatted(out, given.tensor(2).shape()));
    }
    if (!given.isNone(2)) {
      sameType(given, x, given.tensor(2));
    }
    return x.withSizes(Shapes.with(x.sizes(), x.rank() - 1, out));
  }
}
