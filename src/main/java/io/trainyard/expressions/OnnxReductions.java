package io.trainyard.expressions;

import io.trainyard.expressions.OnnxWriter.Emission;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** ONNX nodes of the operators that make one number of many, or work along a dimension. */
final class OnnxReductions {
  private OnnxReductions() {}

  static void register(Map<String, Emission> all) {
    all.put("sum", call -> reduced("ReduceSum", call));
    all.put("mean", call -> reduced("ReduceMean", call));
    all.put("prod", call -> reduced("ReduceProd", call));
    for (String name : List.of("max", "min")) {
      String word = name.equals("max") ? "Max" : "Min";
      all.put("a" + name, call -> reduced("Reduce" + word, call));
      all.put("arg" + name, call -> index("Arg" + word, call));
      all.put(
          name,
          call ->
              call.count() == 2
                  ? call.op(word, call.as(0), call.as(1))
                  : reduced("Reduce" + word, call));
    }
    all.put("logsumexp", OnnxReductions::logSumExp);
    all.put("var", call -> variance(call));
    all.put("std", call -> call.op("Sqrt", variance(call)));
    all.put("norm", OnnxReductions::norm);
    all.put("softmax", call -> along("Softmax", call.as(0), call));
    all.put("log_softmax", call -> along("LogSoftmax", call.as(0), call));
    all.put("softmin", call -> along("Softmax", call.op("Neg", call.as(0)), call));
    all.put(
        "cumsum",
        call -> {
          if (call.type().rank() == 0) {
            return call.as(0);
          }
          return call.op("CumSum", call.as(0), call.graph().ints((long) dim(call, 1)));
        });
  }

  private static int dim(OnnxCall call, int index) throws ExpressionException {
    return call.given().dim(index, call.type(0).rank());
  }

  private static String along(String operator, String x, OnnxCall call) throws ExpressionException {
    if (call.type().rank() == 0) {
      String single = call.graph().reshape(x, List.of(1L));
      return call.shaped(call.graph().node(operator, List.of(single), "axis", 0));
    }
    return call.graph().node(operator, List.of(x), "axis", dim(call, 1));
  }

  /** The dimensions that go: those of the argument, all without one. */
  private static List<Integer> dims(OnnxCall call, int index) throws ExpressionException {
    int rank = call.type(0).rank();
    return index < call.count()
        ? call.given().dims(index, rank)
        : IntStream.range(0, rank).boxed().toList();
  }

  private static String reduced(String operator, OnnxCall call) throws ExpressionException {
    return reduced(operator, call.as(0), dims(call, 1), call);
  }

  private static String reduced(String operator, String x, List<Integer> dims, OnnxCall call) {
    if (call.type(0).rank() == 0) {
      return x;
    }
    boolean keeps = call.type().rank() == call.type(0).rank();
    return call.graph()
        .node(operator, List.of(x, call.graph().ints(dims)), "keepdims", keeps ? 1 : 0);
  }

  private static String kept(String operator, String x, List<Integer> dims, OnnxCall call) {
    return call.type(0).rank() == 0 ? x : call.op(operator, x, call.graph().ints(dims));
  }

  private static String index(String operator, OnnxCall call) throws ExpressionException {
    String x = call.name(0);
    if (call.type(0).dtype() == DType.BOOL) {
      x = call.as(0, DType.INT64);
    }
    if (call.type(0).rank() == 0 || call.isNone(1)) {
      String flat = call.graph().reshape(x, List.of(-1L));
      return call.shaped(call.graph().node(operator, List.of(flat), "axis", 0));
    }
    boolean keeps = call.type().rank() == call.type(0).rank();
    return call.graph().node(operator, List.of(x), "axis", dim(call, 1), "keepdims", keeps ? 1 : 0);
  }

  /** log Σ exp(x), from the largest x. */
  private static String logSumExp(OnnxCall call) throws ExpressionException {
    List<Integer> dims = dims(call, 1);
    String x = call.as(0);
    String most = kept("ReduceMax", x, dims, call);
    String sum = kept("ReduceSum", call.op("Exp", call.op("Sub", x, most)), dims, call);
    return call.shaped(call.op("Add", call.op("Log", sum), most));
  }

  private static String variance(OnnxCall call) throws ExpressionException {
    List<Parameter> parameters = call.apply().operator().parameters();
    boolean corrected = parameters.stream().anyMatch(p -> p.name().equals("correction"));
    boolean all = parameters.size() == 2;
    List<Integer> dims = dims(call, all ? call.count() : 1);
    double correction = corrected ? call.number(2) : call.flag(all ? 1 : 2) ? 1 : 0;
    String x = call.as(0);
    String centred = call.op("Sub", x, kept("ReduceMean", x, dims, call));
    String sum = reduced("ReduceSum", call.op("Mul", centred, centred), dims, call);
    return call.op("Div", sum, call.op("Max", degrees(call, dims, correction), call.scalar(0)));
  }

  /** How many numbers a variance is of, less the correction. */
  private static String degrees(OnnxCall call, List<Integer> dims, double correction) {
    long known = 1;
    String unknown = null;
    for (int dim : dims) {
      long size = call.type(0).sizes().get(dim);
      if (OnnxCall.isBatch(size)) {
        String shape = call.op("Shape", call.name(0));
        String one = call.op("Gather", shape, call.graph().ints((long) dim));
        unknown = unknown == null ? one : call.op("Mul", unknown, one);
      } else {
        known *= size;
      }
    }
    if (unknown == null) {
      return call.scalar(known - correction);
    }
    String count = call.op("Mul", unknown, call.graph().ints(known));
    String single = call.graph().reshape(count, List.of());
    String real = call.graph().cast(single, OnnxCall.element(call.type().dtype()));
    return call.op("Sub", real, call.scalar(correction));
  }

  private static String norm(OnnxCall call) throws ExpressionException {
    List<Integer> dims = dims(call, 2);
    double p = call.isNone(1) ? 2 : call.number(1);
    String x = call.as(0);
    if (p == 2 || p == 1) {
      return reduced(p == 2 ? "ReduceL2" : "ReduceL1", x, dims, call);
    }
    String size = call.op("Abs", x);
    if (Double.isInfinite(p)) {
      return reduced(p > 0 ? "ReduceMax" : "ReduceMin", size, dims, call);
    }
    if (p == 0) {
      String there = call.op("Greater", size, call.scalar(0));
      String counted = call.graph().cast(there, OnnxCall.element(call.type().dtype()));
      return reduced("ReduceSum", counted, dims, call);
    }
    String sum = reduced("ReduceSum", call.op("Pow", size, call.scalar(p)), dims, call);
    return call.op("Pow", sum, call.scalar(1 / p));
  }
}
