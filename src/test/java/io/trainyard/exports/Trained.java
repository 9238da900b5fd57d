package io.trainyard.exports;

import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.exports.python.Jobs;
import io.trainyard.shared.Json;
import io.trainyard.training.Epoch;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.JobDocument;
import io.trainyard.training.ModelCard;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingObserver;
import io.trainyard.training.djl.DjlTrainingEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A small model that the engine has trained, with what it predicts. */
final class Trained {
  private static final TrainingObserver SILENT =
      new TrainingObserver() {
        @Override
        public void started(String device) {}

        @Override
        public void progress(int epoch, double fraction) {}

        @Override
        public void epoch(Epoch epoch) {}

        @Override
        public Command command() {
          return Command.CONTINUE;
        }
      };

  private final String name;
  private final JsonNode document;
  private final ModelCard card;
  private final byte[] tensors;
  private final int rows;
  private final float[] x;
  private final float[] y;

  private Trained(
      String name,
      JsonNode document,
      ModelCard card,
      byte[] tensors,
      int rows,
      float[] x,
      float[] y) {
    this.name = name;
    this.document = document;
    this.card = card;
    this.tensors = tensors;
    this.rows = rows;
    this.x = x;
    this.y = y;
  }

  String name() {
    return name;
  }

  ModelCard card() {
    return card;
  }

  int rows() {
    return rows;
  }

  /** Rows of inputs as a client gives them, before any scaling. */
  float[] x() {
    return x;
  }

  /** The service's own outputs. */
  float[] y() {
    return y;
  }

  /**
   * Trains layers for two epochs.
   *
   * @param input the shape of one input
   * @param scaling to be put before the model; null for none
   */
  static Trained of(
      String name, String layers, List<Integer> input, @Nullable FeatureScaling scaling)
      throws Exception {
    ObjectNode document = Json.object();
    document.putObject("model").set("layers", Jobs.json("[" + layers + "]"));
    ObjectNode dataset = document.putObject("dataset").put("type", "synthetic").put("seed", 3);
    dataset.put("samples", 12).set("input_shape", Json.tree(input));
    dataset.putArray("target_shape").add(1);
    document.putObject("loss").put("type", "Custom").put("expression", "y_pred.pow(2).mean()");
    document.putObject("optimizer").put("type", "SGD").put("lr", 0.05);
    document.put("epochs", 2).put("batch_size", 6).put("seed", 1);
    JobDocument job = Jobs.read(document, null);
    SyntheticSpec data = (SyntheticSpec) Objects.requireNonNull(job.data());
    try (TrainedModel model = new DjlTrainingEngine(1).train(job.plan(data), SILENT)) {
      ByteArrayOutputStream tensors = new ByteArrayOutputStream();
      model.write(tensors);
      int rows = 7;
      int width = (int) data.input().elements();
      float[] x = new float[rows * width];
      float[] seen = new float[x.length];
      Random random = new Random(5);
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
        seen[i] = scaling == null ? x[i] : scaled(x[i], scaling, i % width);
      }
      ModelCard card =
          new ModelCard(document.get("model"), data.input(), job.target(), scaling, null);
      return new Trained(
          name, document, card, tensors.toByteArray(), rows, x, model.predict(seen, rows));
    }
  }

  private static float scaled(float value, FeatureScaling scaling, int feature) {
    return (value - scaling.offset().get(feature).floatValue())
        / scaling.scale().get(feature).floatValue();
  }

  TensorFile file() throws IOException {
    return TensorFile.read(new ByteArrayInputStream(tensors));
  }

  List<Integer> outputShape() {
    return Objects.requireNonNull(card.summary(card.definition()).outputShape()).dimensions();
  }

  byte[] onnx() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxExport.of(card, file(), "job_test").write(out);
    return out.toByteArray();
  }

  /** The files that torch is to read, and the rows to try them with. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("model.safetensors"), tensors);
    Files.writeString(directory.resolve("script.py"), Jobs.script(document));
    try (OutputStream out = Files.newOutputStream(directory.resolve("model.pt"))) {
      new TorchScript(card, file()).write(out);
    }
    ObjectNode described = Json.object();
    described.set("x", numbers(x));
    described.set("y", numbers(y));
    described.set("x_shape", batch(card.inputShape().dimensions()));
    described.set("y_shape", batch(outputShape()));
    FeatureScaling scaling = card.scaling();
    described.set("offset", Json.tree(scaling == null ? List.of() : scaling.offset()));
    described.set("scale", Json.tree(scaling == null ? List.of() : scaling.scale()));
    Files.writeString(directory.resolve("rows.json"), described.toString());
  }

  private static ArrayNode numbers(float[] values) {
    ArrayNode array = Json.MAPPER.createArrayNode();
    for (float value : values) {
      array.add(value);
    }
    return array;
  }

  private ArrayNode batch(List<Integer> sizes) {
    ArrayNode array = Json.MAPPER.createArrayNode().add(rows);
    sizes.forEach(array::add);
    return array;
  }

  /** The largest deviation from the service's own outputs, relative to those above 1. */
  double deviation(float[] outputs) {
    if (outputs.length != y.length) {
      throw new AssertionError(outputs.length + " outputs for " + y.length);
    }
    double worst = 0;
    for (int i = 0; i < y.length; i++) {
      double difference = Math.abs(outputs[i] - y[i]) / Math.max(1, Math.abs(y[i]));
      worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
    }
    return worst;
  }

  @Override
  public String toString() {
    return name;
  }
}
