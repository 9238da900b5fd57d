package io.trainyard.expressions;

import io.trainyard.onnx.ElementType;
import io.trainyard.onnx.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One application of an operator, as the writers of ONNX nodes see it.
 *
 * @param result of the application: a TensorType or a number
 */
record OnnxCall(Graph graph, Term.Apply apply, List<Part> parts, Object result) {

  /**
   * A term's value.
   *
   * @param sample its TensorType, number, text, list … with the first of the sample batch sizes
   * @param other the same with the second; a number that differs depends on the batch
   * @param name of the value in the graph: of a tensor, or of a number that depends on the batch
   * @param parts of a list
   */
  record Part(Object sample, Object other, @Nullable String name, List<Part> parts) {
    static Part of(Object sample, Object other, @Nullable String name) {
      return new Part(sample, other, name, List.of());
    }

    boolean depends() {
      return !(sample instanceof TensorType) && !sample.equals(other);
    }
  }

  static ElementType element(DType dtype) {
    return switch (dtype) {
      case BOOL -> ElementType.BOOL;
      case INT64 -> ElementType.INT64;
      case FLOAT32 -> ElementType.FLOAT32;
      case FLOAT64 -> ElementType.FLOAT64;
    };
  }

  Given given() {
    return new Given(apply, parts.stream().map(Part::sample).toList());
  }

  int count() {
    return parts.size();
  }

  Part part(int index) {
    return parts.get(index);
  }

  /** The result's type. */
  TensorType type() {
    return (TensorType) result;
  }

  TensorType type(int index) {
    return (TensorType) part(index).sample();
  }

  boolean isTensor(int index) {
    return part(index).sample() instanceof TensorType;
  }

  boolean isNone(int index) {
    return part(index).sample() == Term.None.NONE;
  }

  /** A tensor. */
  String name(int index) {
    return Objects.requireNonNull(part(index).name());
  }

  /** A tensor or number, in that type. */
  String as(int index, DType dtype) {
    return as(part(index), dtype);
  }

  String as(Part part, DType dtype) {
    if (part.sample() instanceof TensorType type) {
      String name = Objects.requireNonNull(part.name());
      return type.dtype() == dtype ? name : graph.cast(name, element(dtype));
    }
    if (part.depends()) {
      return graph.cast(Objects.requireNonNull(part.name()), element(dtype));
    }
    return graph.scalar(element(dtype), ((Number) part.sample()).doubleValue());
  }

  /** An argument in the result's type. */
  String as(int index) {
    return as(index, type().dtype());
  }

  /** A plain number in the result's type. */
  String scalar(double value) {
    return graph.scalar(element(type().dtype()), value);
  }

  String op(String operator, String... inputs) {
    return graph.op(operator, inputs);
  }

  /** A number that the expression gives. */
  double number(int index) throws ExpressionException {
    return fixed(index) instanceof Number number ? number.doubleValue() : 0;
  }

  long whole(int index) throws ExpressionException {
    return fixed(index) instanceof Long whole ? whole : 0;
  }

  boolean flag(int index) {
    return (Boolean) part(index).sample();
  }

  String text(int index) {
    return (String) part(index).sample();
  }

  private Object fixed(int index) throws ExpressionException {
    if (part(index).depends()) {
      throw refuse("ONNX needs a number here that does not depend on the batch");
    }
    return part(index).sample();
  }

  /** A whole number as a vector of one, known or not. */
  String vector(int index) {
    Part part = part(index);
    return part.depends()
        ? graph.reshape(Objects.requireNonNull(part.name()), List.of(1L))
        : graph.ints((Long) part.sample());
  }

  /** A tensor in the result's shape, whose numbers it has in the same order. */
  String shaped(String value) throws ExpressionException {
    return shaped(value, type());
  }

  /** A tensor in a shape of which one size may depend on the batch. */
  String shaped(String value, TensorType type) throws ExpressionException {
    List<Long> sizes = new ArrayList<>();
    for (long size : type.sizes()) {
      sizes.add(isBatch(size) ? -1 : size);
    }
    if (sizes.stream().filter(size -> size == -1).count() > 1) {
      throw refuse("ONNX cannot make two sizes of the batch's");
    }
    return graph.reshape(value, sizes);
  }

  /** Whether a size comes from the batch. */
  static boolean isBatch(long size) {
    return TensorType.size(size).contains("N");
  }

  ExpressionException refuse(String detail) {
    return given().refuse(detail);
  }
}
