package io.trainyard.exports;

import io.trainyard.models.ModelDefinition;
import io.trainyard.models.ModelSummary;
import io.trainyard.onnx.ElementType;
import io.trainyard.onnx.Graph;
import io.trainyard.onnx.NotInOnnx;
import io.trainyard.onnx.OnnxModel;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.shared.Shape;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.ModelCard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A trained model in ONNX, with the scaling of its features. */
final class OnnxExport {
  /** What one message of protobuf can be, with room for the graph. */
  private static final long LIMIT = Integer.MAX_VALUE - (1L << 24);

  private OnnxExport() {}

  /**
   * Makes the graph.
   *
   * @throws Problem of kind INVALID, with the place of the layer in the document, if ONNX has no
   *     operator for what it does
   */
  static OnnxModel of(ModelCard card, TensorFile file, String job) {
    ModelDefinition model = card.definition();
    ModelSummary summary = card.summary(model);
    Graph graph = new Graph();
    String value = scaled(graph, card);
    for (int i = 0; i < model.layers().size(); i++) {
      graph.enter(i);
      ModelSummary.Row row = summary.layers().get(i);
      try {
        value =
            model
                .layers()
                .get(i)
                .onnx(
                    value,
                    Objects.requireNonNull(row.inputShape()),
                    Objects.requireNonNull(row.outputShape()),
                    graph);
      } catch (NotInOnnx e) {
        throw Problem.invalid(Json.pointer("/model/layers", i) + e.pointer(), e.detail());
      }
    }
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("trainyard.job", job);
    properties.put("trainyard.target", Json.write(card.target()));
    OnnxModel onnx =
        new OnnxModel(
            graph,
            value,
            card.inputShape().dimensions(),
            Objects.requireNonNull(summary.outputShape()).dimensions(),
            properties);
    if (onnx.parameters().stream().mapToLong(n -> file.get(n).bytes().limit()).sum() > LIMIT) {
      throw Problem.invalid(
          "/model", "the model is larger than the 2 GB that a file of ONNX can be");
    }
    for (String name : onnx.parameters()) {
      TensorFile.Tensor tensor = file.get(name);
      onnx.set(name, tensor.sizes(), tensor.bytes());
    }
    return onnx;
  }

  private static String scaled(Graph graph, ModelCard card) {
    FeatureScaling scaling = card.scaling();
    if (scaling == null) {
      return OnnxModel.INPUT;
    }
    String offset = constant(graph, card.inputShape(), scaling.offset());
    String scale = constant(graph, card.inputShape(), scaling.scale());
    return graph.op("Div", graph.op("Sub", OnnxModel.INPUT, offset), scale);
  }

  private static String constant(Graph graph, Shape shape, List<Double> values) {
    List<Long> sizes = shape.dimensions().stream().map(Integer::longValue).toList();
    return graph.constant(ElementType.FLOAT32, sizes, values);
  }
}
