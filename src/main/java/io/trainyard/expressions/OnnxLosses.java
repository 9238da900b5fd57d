package io.trainyard.expressions;

import io.trainyard.expressions.OnnxWriter.Emission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** ONNX nodes of the losses, which a layer may use as functions. */
final class OnnxLosses {
  private OnnxLosses() {}

  private interface Each {
    String of(OnnxCall call, String input, String target) throws ExpressionException;
  }

  static void register(Map<String, Emission> all) {
    all.put("mse_loss", pairs(2, (call, a, b) -> square(call, call.op("Sub", a, b))));
    all.put("l1_loss", pairs(2, OnnxLosses::distance));
    all.put("smooth_l1_loss", pairs(2, OnnxLosses::smooth));
    all.put("huber_loss", pairs(2, OnnxLosses::huber));
    all.put("binary_cross_entropy", pairs(3, OnnxLosses::binary));
    all.put("binary_cross_entropy_with_logits", pairs(3, OnnxLosses::logits));
    all.put("cross_entropy", call -> classes("SoftmaxCrossEntropyLoss", call));
    all.put("nll_loss", call -> classes("NegativeLogLikelihoodLoss", call));
  }

  private static Emission pairs(int reduction, Each each) {
    return call -> {
      String losses = each.of(call, call.as(0), call.as(1));
      return switch (call.text(reduction)) {
        case "mean" -> call.graph().node("ReduceMean", List.of(losses), "keepdims", 0);
        case "sum" -> call.graph().node("ReduceSum", List.of(losses), "keepdims", 0);
        default -> losses;
      };
    };
  }

  private static String square(OnnxCall call, String x) {
    return call.op("Mul", x, x);
  }

  private static String distance(OnnxCall call, String a, String b) {
    return call.op("Abs", call.op("Sub", a, b));
  }

  private static String smooth(OnnxCall call, String a, String b) throws ExpressionException {
    double beta = call.number(3);
    String distance = distance(call, a, b);
    if (beta == 0) {
      return distance;
    }
    String near = call.op("Mul", square(call, distance), call.scalar(0.5 / beta));
    String far = call.op("Sub", distance, call.scalar(0.5 * beta));
    return call.op("Where", call.op("Less", distance, call.scalar(beta)), near, far);
  }

  private static String huber(OnnxCall call, String a, String b) throws ExpressionException {
    double delta = call.number(3);
    String distance = distance(call, a, b);
    String near = call.op("Mul", square(call, distance), call.scalar(0.5));
    String far =
        call.op("Mul", call.op("Sub", distance, call.scalar(0.5 * delta)), call.scalar(delta));
    return call.op("Where", call.op("LessOrEqual", distance, call.scalar(delta)), near, far);
  }

  private static String binary(OnnxCall call, String p, String y) {
    String one = call.scalar(1);
    String least = call.scalar(-100); // where torch cuts the logarithm of 0
    String yes = call.op("Mul", y, call.op("Max", call.op("Log", p), least));
    String no = call.op("Max", call.op("Log", call.op("Sub", one, p)), least);
    String both = call.op("Add", yes, call.op("Mul", call.op("Sub", one, y), no));
    return weighted(call, call.op("Neg", both));
  }

  private static String logits(OnnxCall call, String x, String y) {
    String one = call.scalar(1);
    String yes = call.op("Softplus", call.op("Neg", x));
    if (!call.isNone(4)) {
      String extra = call.op("Mul", call.op("Sub", call.as(4), one), y);
      yes = call.op("Mul", yes, call.op("Add", extra, one));
    }
    return weighted(call, call.op("Add", call.op("Mul", call.op("Sub", one, y), x), yes));
  }

  private static String weighted(OnnxCall call, String losses) {
    return call.isNone(2) ? losses : call.op("Mul", losses, call.as(2));
  }

  private static String classes(String operator, OnnxCall call) throws ExpressionException {
    boolean smoothed = call.count() > 5 && call.number(5) != 0;
    if (smoothed || call.type(0).rank() < 2 || call.type(1).dtype() != DType.INT64) {
      throw call.refuse("ONNX has it for batches of class indices alone, without label_smoothing");
    }
    List<String> inputs = new ArrayList<>(List.of(call.as(0), call.name(1)));
    if (!call.isNone(2)) {
      inputs.add(call.as(2));
    }
    return call.graph()
        .node(operator, inputs, "ignore_index", call.whole(3), "reduction", call.text(4));
  }
}
