package io.trainyard.onnx;

import java.util.List;

/** Functions of float32 that layers and expressions share, where ONNX has them in other words. */
public final class Activations {
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_SCALE = 1.0507009873554805;

  private Activations() {}

  /** x · Φ(x), by erf or by tanh. */
  public static String gelu(Graph graph, String x, String approximate) {
    String inner;
    if (approximate.equals("tanh")) {
      String cube = graph.op("Mul", graph.op("Mul", x, x), x);
      String sum = graph.op("Add", x, graph.op("Mul", cube, graph.scalar(0.044715)));
      inner = graph.op("Tanh", graph.op("Mul", sum, graph.scalar(Math.sqrt(2 / Math.PI))));
    } else {
      inner = graph.op("Erf", graph.op("Mul", x, graph.scalar(Math.sqrt(0.5))));
    }
    String half = graph.op("Mul", x, graph.scalar(0.5));
    return graph.op("Mul", half, graph.op("Add", inner, graph.scalar(1)));
  }

  public static String silu(Graph graph, String x) {
    return graph.op("Mul", x, graph.op("Sigmoid", x));
  }

  public static String mish(Graph graph, String x) {
    return graph.op("Mul", x, graph.op("Tanh", graph.op("Softplus", x)));
  }

  /** log(1 + exp(beta · x)) / beta, and x itself where beta · x is above the threshold. */
  public static String softplus(Graph graph, String x, double beta, double threshold) {
    String scaled = beta == 1 ? x : graph.op("Mul", x, graph.scalar(beta));
    String smooth = graph.op("Softplus", scaled);
    String unscaled = beta == 1 ? smooth : graph.op("Div", smooth, graph.scalar(beta));
    String linear = graph.op("Greater", scaled, graph.scalar(threshold));
    return graph.op("Where", linear, x, unscaled);
  }

  public static String leakyRelu(Graph graph, String x, double slope) {
    return graph.node("LeakyRelu", List.of(x), "alpha", slope);
  }

  public static String elu(Graph graph, String x, double alpha) {
    return graph.node("Elu", List.of(x), "alpha", alpha);
  }

  public static String selu(Graph graph, String x) {
    return graph.node("Selu", List.of(x), "alpha", SELU_ALPHA, "gamma", SELU_SCALE);
  }

  public static String clip(Graph graph, String x, double min, double max) {
    return graph.op("Clip", x, graph.scalar(min), graph.scalar(max));
  }
}
