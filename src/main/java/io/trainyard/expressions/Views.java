package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Operators that arrange the same numbers in other shapes, and those that ask for shapes. */
final class Views {
  static final Operator T =
      Operator.of("T(Tensor input)", "dimensions reversed", Views::reversed).as("numpy_T");

  static final Operator SHAPE =
      Operator.of("size(Tensor input)", "any → its sizes", g -> g.tensor(0).sizes())
          .gives(Term.Kind.INTS);

  static final Operator SIZE =
      Operator.of("size(Tensor input, int dim)", "any → one size", Views::size)
          .gives(Term.Kind.INT);

  static final Operator UNSQUEEZE =
      Operator.of("unsqueeze(Tensor input, int dim)", "a 1 at dim", Views::unsqueeze);

  static final List<Operator> OPERATORS = operators();

  private Views() {}

  private static List<Operator> operators() {
    List<Operator> list = new ArrayList<>(List.of(SHAPE, SIZE, UNSQUEEZE));
    list.add(
        Operator.of("numel(Tensor input)", "any → how many numbers", g -> g.tensor(0).elements())
            .gives(Term.Kind.INT));
    list.add(Operator.of("t(Tensor input)", "[n, m] → [m, n]; [n] → [n]", Views::transposed));
    for (String name : List.of("transpose", "swapaxes")) {
      list.add(
          Operator.of(
                  name + "(Tensor input, int dim0, int dim1)",
                  "the two sizes swapped",
                  Views::transpose)
              .as("transpose"));
    }
    list.add(
        Operator.of("permute(Tensor input, sizes dims)", "sizes in that order", Views::permute));
    for (String name : List.of("reshape", "view")) {
      list.add(
          Operator.of(
              name + "(Tensor input, sizes shape)",
              "that shape; -1 is what is left",
              Views::reshape));
    }
    list.add(
        Operator.of(
            "flatten(Tensor input, int start_dim=0, int end_dim=-1)",
            "those dimensions as one",
            Views::flatten));
    list.add(
        Operator.of(
            "squeeze(Tensor input)",
            "without sizes of 1",
            g -> g.tensor(0).withSizes(g.tensor(0).sizes().stream().filter(s -> s != 1).toList())));
    list.add(
        Operator.of("squeeze(Tensor input, int dim)", "without dim if it is 1", Views::squeeze));
    list.add(
        Operator.of("expand(Tensor input, sizes size)", "repeated where it is 1", Views::expand)
            .as(a -> "torch.expand(" + a.get(0) + ", " + a.get(1) + ")"));
    for (String name : List.of("reshape_as", "view_as", "expand_as")) {
      list.add(as(name));
    }
    list.add(
        Operator.of(
            "flip(Tensor input, sizes dims)",
            "any → same",
            g -> {
              g.dims(1, g.tensor(0).rank());
              return g.tensor(0);
            }));
    return List.copyOf(list);
  }

  private static Operator as(String name) {
    String verb = name.substring(0, name.length() - 3);
    return Operator.of(
            name + "(Tensor input, Tensor other)",
            "the other's shape",
            g -> {
              List<Long> sizes = g.tensor(1).sizes();
              return verb.equals("expand")
                  ? expanded(g, g.tensor(0), sizes)
                  : reshaped(g, g.tensor(0), sizes);
            })
        .gradient(Operator.Gradient.FIRST);
  }

  private static Object size(Given given) throws ExpressionException {
    List<Long> sizes = given.tensor(0).sizes();
    if (sizes.isEmpty()) {
      throw given.refuse("a single number has no sizes");
    }
    return sizes.get(given.dim(1, sizes.size()));
  }

  private static TensorType reversed(Given given) {
    List<Long> sizes = new ArrayList<>(given.tensor(0).sizes());
    Collections.reverse(sizes);
    return given.tensor(0).withSizes(sizes);
  }

  private static TensorType transposed(Given given) throws ExpressionException {
    if (given.tensor(0).rank() > 2) {
      throw given.refuse("expected at most 2 dimensions, got " + given.tensor(0).shape());
    }
    return reversed(given);
  }

  private static TensorType transpose(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    int first = given.dim(1, type.rank());
    int second = given.dim(2, type.rank());
    List<Long> sizes = new ArrayList<>(type.sizes());
    if (!sizes.isEmpty()) {
      Collections.swap(sizes, first, second);
    }
    return type.withSizes(sizes);
  }

  private static TensorType permute(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    List<Integer> dims = given.dims(1, type.rank());
    if (Objects.requireNonNull(given.ints(1)).size() != type.rank()) {
      throw given.refuse("expected all dimensions of " + type.shape());
    }
    return type.withSizes(dims.stream().map(type.sizes()::get).toList());
  }

  private static TensorType reshape(Given given) throws ExpressionException {
    return reshaped(given, given.tensor(0), Objects.requireNonNull(given.ints(1)));
  }

  private static TensorType reshaped(Given given, TensorType type, List<Long> wanted)
      throws ExpressionException {
    long elements = Shapes.elements(given, type.sizes());
    List<Long> sizes = new ArrayList<>(wanted);
    int open = sizes.indexOf(-1L);
    if (open >= 0) {
      sizes.set(open, 1L);
    }
    if (sizes.stream().anyMatch(s -> s < 0)) {
      throw given.refuse("sizes are at least 0, with one -1, got " + wanted);
    }
    long product = Shapes.elements(given, sizes);
    if (open >= 0 && product > 0 && elements % product == 0) {
      sizes.set(open, elements / product);
      product = elements;
    }
    if (product != elements) {
      throw given.refuse("%s cannot become %s".formatted(type.shape(), TensorType.shape(wanted)));
    }
    return type.withSizes(sizes);
  }

  private static TensorType flatten(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    int start = given.dim(1, type.rank());
    int end = given.dim(2, type.rank());
    if (start > end) {
      throw given.refuse("start_dim comes after end_dim");
    }
    if (type.rank() == 0) {
      return type.withSizes(List.of(1L));
    }
    List<Long> sizes = new ArrayList<>(type.sizes().subList(0, start));
    sizes.add(Shapes.elements(given, type.sizes().subList(start, end + 1)));
    sizes.addAll(type.sizes().subList(end + 1, type.rank()));
    return type.withSizes(sizes);
  }

  private static TensorType squeeze(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    int dim = given.dim(1, type.rank());
    boolean single = type.rank() > 0 && type.sizes().get(dim) == 1;
    return single ? type.withSizes(Shapes.without(type.sizes(), List.of(dim), false)) : type;
  }

  private static TensorType unsqueeze(Given given) throws ExpressionException {
    TensorType type = given.tensor(0);
    int dim = given.dim(1, type.rank() + 1);
    List<Long> sizes = new ArrayList<>(type.sizes());
    sizes.add(dim, 1L);
    return type.withSizes(sizes);
  }

  private static TensorType expand(Given given) throws ExpressionException {
    return expanded(given, given.tensor(0), Objects.requireNonNull(given.ints(1)));
  }

  private static TensorType expanded(Given given, TensorType type, List<Long> wanted)
      throws ExpressionException {
    int more = wanted.size() - type.rank();
    List<Long> sizes = new ArrayList<>();
    boolean fits = more >= 0;
    for (int i = 0; fits && i < wanted.size(); i++) {
      long from = i < more ? 1 : type.sizes().get(i - more);
      long size = wanted.get(i) == -1 && i >= more ? from : wanted.get(i);
      fits = size >= 0 && (from == 1 || from == size);
      sizes.add(size);
    }
    if (!fits) {
      throw given.refuse(
          "%s does not expand to %s".formatted(type.shape(), TensorType.shape(wanted)));
    }
    Shapes.elements(given, sizes);
    return type.withSizes(sizes);
  }
}
