package io.trainyard.expressions;

import io.trainyard.expressions.OnnxCall.Part;
import io.trainyard.expressions.OnnxWriter.Emission;
import io.trainyard.onnx.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** ONNX nodes of products, views, parts and conversions. */
final class OnnxShapes {
  private OnnxShapes() {}

  static void register(Map<String, Emission> all) {
    products(all);
    views(all);
    parts(all);
    conversions(all);
  }

  private static void products(Map<String, Emission> all) {
    for (String name : List.of("mm", "bmm", "matmul", "mv", "dot")) {
      all.put(name, call -> call.op("MatMul", call.as(0), call.as(1)));
    }
    all.put(
        "outer",
        call ->
            binary(
                call,
                call.graph().reshape(call.as(0), List.of(-1L, 1L)),
                call.graph().reshape(call.as(1), List.of(1L, -1L))));
    all.put(
        "addmm",
        call -> {
          String product = call.op("MatMul", call.as(1), call.as(2));
          return call.op(
              "Add", call.op("Mul", call.as(0), call.as(3)), call.op("Mul", product, call.as(4)));
        });
    all.put(
        "linear",
        call -> {
          String weight = transposed(call, call.as(1), List.of(1, 0));
          String product = call.op("MatMul", call.as(0), weight);
          return call.isNone(2) ? product : call.op("Add", product, call.as(2));
        });
  }

  private static String binary(OnnxCall call, String a, String b) {
    if (call.type().dtype() != DType.BOOL) {
      return call.op("Mul", a, b);
    }
    return call.op("And", a, b);
  }

  private static String transposed(OnnxCall call, String value, List<Integer> order) {
    return call.graph().node("Transpose", List.of(value), "perm", order);
  }

  private static void views(Map<String, Emission> all) {
    for (String name :
        List.of("reshape", "view", "flatten", "squeeze", "unsqueeze", "reshape_as", "view_as")) {
      all.put(name, call -> call.shaped(call.name(0)));
    }
    for (String name : List.of("t", "T")) {
      all.put(
          name,
          call -> {
            List<Integer> order = dimensions(call);
            Collections.reverse(order);
            return transposed(call, call.name(0), order);
          });
    }
    for (String name : List.of("transpose", "swapaxes")) {
      all.put(
          name,
          call -> {
            int rank = call.type().rank();
            List<Integer> order = dimensions(call);
            if (rank > 0) {
              Collections.swap(order, call.given().dim(1, rank), call.given().dim(2, rank));
            }
            return transposed(call, call.name(0), order);
          });
    }
    all.put(
        "permute",
        call -> transposed(call, call.name(0), call.given().dims(1, call.type().rank())));
    for (String name : List.of("expand", "expand_as")) {
      all.put(name, OnnxShapes::expanded);
    }
    all.put("flip", OnnxShapes::flipped);
    all.put("size", OnnxShapes::size);
    all.put("numel", call -> call.op("Size", call.name(0)));
  }

  private static List<Integer> dimensions(OnnxCall call) {
    return new ArrayList<>(IntStream.range(0, call.type().rank()).boxed().toList());
  }

  /** Sizes that are there already may be 1 in ONNX's Expand. */
  private static String expanded(OnnxCall call) {
    TensorType from = call.type(0);
    List<Long> sizes = call.type().sizes();
    int more = sizes.size() - from.rank();
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      long size = sizes.get(i);
      boolean there = i >= more && from.sizes().get(i - more) == size;
      if (there || !OnnxCall.isBatch(size)) {
        parts.add(call.graph().ints(there ? 1 : size));
      } else if (call.isTensor(1)) {
        String shape = call.op("Shape", call.name(1));
        parts.add(call.op("Gather", shape, call.graph().ints((long) i)));
      } else {
        Part wanted = call.part(1).parts().isEmpty() ? call.part(1) : call.part(1).parts().get(i);
        parts.add(call.graph().reshape(Objects.requireNonNull(wanted.name()), List.of(1L)));
      }
    }
    String shape =
        parts.isEmpty()
            ? call.graph().ints(List.of())
            : call.graph().node("Concat", parts, "axis", 0);
    return call.op("Expand", call.name(0), shape);
  }

  private static String flipped(OnnxCall call) throws ExpressionException {
    int rank = call.type().rank();
    if (rank == 0) {
      return call.name(0);
    }
    List<Integer> dims = call.given().dims(1, rank);
    return call.op(
        "Slice",
        call.name(0),
        call.graph().ints(Collections.nCopies(dims.size(), -1L)),
        call.graph().ints(Collections.nCopies(dims.size(), Long.MIN_VALUE)),
        call.graph().ints(dims),
        call.graph().ints(Collections.nCopies(dims.size(), -1L)));
  }

  private static String size(OnnxCall call) throws ExpressionException {
    int dim = call.given().dim(1, call.type(0).rank());
    String shape = call.op("Shape", call.name(0));
    return call.op("Gather", shape, call.graph().scalar(ElementType.INT64, dim));
  }

  private static void parts(Map<String, Emission> all) {
    all.put(
        "select",
        call -> {
          int dim = call.given().dim(1, call.type(0).rank());
          return call.graph()
              .node("Gather", List.of(call.name(0), call.as(2, DType.INT64)), "axis", dim);
        });
    all.put(
        "slice",
        call -> {
          String start = call.isNone(2) ? call.graph().ints(0) : call.vector(2);
          String end = call.isNone(3) ? call.graph().ints(Long.MAX_VALUE) : call.vector(3);
          int dim = call.given().dim(1, call.type(0).rank());
          return call.op(
              "Slice", call.name(0), start, end, call.graph().ints((long) dim), call.vector(4));
        });
    all.put(
        "narrow",
        call -> {
          String start = call.vector(2);
          String end = call.op("Add", start, call.vector(3));
          int dim = call.given().dim(1, call.type(0).rank());
          return call.op("Slice", call.name(0), start, end, call.graph().ints((long) dim));
        });
    for (String name : List.of("cat", "concat")) {
      all.put(
          name,
          call ->
              call.graph()
                  .node("Concat", together(call), "axis", call.given().dim(1, call.type().rank())));
    }
    all.put(
        "stack",
        call -> {
          int dim = call.given().dim(1, call.type().rank());
          List<String> raised = new ArrayList<>();
          for (String each : together(call)) {
            raised.add(call.op("Unsqueeze", each, call.graph().ints((long) dim)));
          }
          return call.graph().node("Concat", raised, "axis", dim);
        });
    all.put(
        "gather",
        call -> {
          if (call.type().rank() == 0) {
            return call.name(0);
          }
          int dim = call.given().dim(1, call.type(0).rank());
          return call.graph()
              .node("GatherElements", List.of(call.name(0), call.name(2)), "axis", dim);
        });
  }

  private static List<String> together(OnnxCall call) {
    List<String> names = new ArrayList<>();
    call.part(0).parts().forEach(part -> names.add(call.as(part, call.type().dtype())));
    return names;
  }

  private static void conversions(Map<String, Emission> all) {
    for (String name : List.of("detach", "clone", "contiguous")) {
      all.put(name, call -> call.name(0));
    }
    for (String name : List.of("float", "double", "long", "bool", "type_as")) {
      all.put(name, call -> call.as(0));
    }
    all.put("zeros_like", call -> filled(call, call.scalar(0)));
    all.put("ones_like", call -> filled(call, call.scalar(1)));
    all.put("full_like", call -> filled(call, call.as(1)));
    all.put(
        "tensor",
        call -> {
          Part data = call.part(0);
          if (data.parts().stream().anyMatch(Part::depends) || data.depends()) {
            throw call.refuse("ONNX needs numbers here that do not depend on the batch");
          }
          List<Number> numbers = new ArrayList<>();
          for (Object value :
              data.sample() instanceof List<?> list ? list : List.of(data.sample())) {
            numbers.add((Number) value);
          }
          return call.graph()
              .constant(OnnxCall.element(call.type().dtype()), call.type().sizes(), numbers);
        });
    all.put(
        "one_hot",
        call ->
            call.op(
                "OneHot", call.name(0), call.graph().ints(call.whole(1)), call.graph().ints(0, 1)));
  }

  private static String filled(OnnxCall call, String value) {
    return call.op("Expand", value, call.op("Shape", call.name(0)));
  }
}
