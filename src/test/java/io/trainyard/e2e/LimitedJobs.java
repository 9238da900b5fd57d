package io.trainyard.e2e;

import io.trainyard.shared.Json;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import tools.jackson.databind.node.ObjectNode;

/** Jobs for the limits of LimitsIT's server. */
final class LimitedJobs {

  private LimitedJobs() {}

  private static ObjectNode job(String layers, String dataset) {
    return (ObjectNode)
        Json.MAPPER.readTree(
            """
            {"model": {"layers": [%s]}, "dataset": {"type": "synthetic", %s},
             "loss": {"type": "MSELoss"}, "optimizer": {"type": "Adam"}, "epochs": 3, "batch_size": 10}"""
                .formatted(layers, dataset));
  }

  static String linear(int in, int out) {
    return "{\"type\": \"Linear\", \"in_features\": %d, \"out_features\": %d}".formatted(in, out);
  }

  static ObjectNode small() {
    return job(linear(4, 2), "\"samples\": 100, \"input_shape\": [4], \"target_shape\": [2]");
  }

  private static ObjectNode wide() {
    return job(
        linear(400_000, 1), "\"samples\": 1000, \"input_shape\": [400000], \"target_shape\": [1]");
  }

  static String custom(String forward) {
    return "{\"type\": \"Custom\", \"forward\": \"" + forward + "\"}";
  }

  static Stream<Arguments> jobs() {
    String rows = "\"samples\": 100, \"input_shape\": [4], \"target_shape\": [2]";
    String identity = "{\"type\": \"Identity\"}, ";
    String large = linear(4, 4_000_000) + ", " + linear(4_000_000, 2);
    ObjectNode plain = job(large, rows).put("batch_size", 1);
    plain.set("optimizer", Json.MAPPER.readTree("{\"type\": \"SGD\", \"lr\": 0.1}"));
    ObjectNode deep = wide().put("batch_size", 1000);
    deep.set(
        "dataset",
        Json.MAPPER.readTree(
            "{\"type\": \"synthetic\", \"samples\": 1000, \"input_shape\": [4], \"target_shape\": [1]}"));
    deep.set(
        "model",
        Json.MAPPER.readTree(
            "{\"layers\": [%s, %s]}".formatted(linear(4, 200_000), linear(200_000, 1))));
    String layers = "/model/layers";
    return Stream.of(
        Arguments.of("layers", layers, job(identity.repeat(3) + linear(4, 2), rows), "4", "3"),
        Arguments.of("parameters", layers, plain, "28000002", "20000000"),
        Arguments.of(
            "rows",
            "/dataset/samples",
            job(linear(4, 2), rows.replace("100", "5001")),
            "5001",
            "5000"),
        Arguments.of("epochs", "/epochs", small().put("epochs", 5001), "5001", "5000"),
        Arguments.of(
            "expression",
            layers + "/1/forward",
            job(linear(4, 2) + ", " + custom("x" + " + 1.0".repeat(7)), rows),
            "43",
            "40"),
        Arguments.of(
            "runtime",
            "/max_runtime_seconds",
            small().put("max_runtime_seconds", 601),
            "601",
            "600"),
        Arguments.of("memory", "/dataset", wide(), "3.3 GB", "1.0 GB"),
        Arguments.of("memory", "/batch_size", deep, "1.8 GB", "1.0 GB"));
  }
}
