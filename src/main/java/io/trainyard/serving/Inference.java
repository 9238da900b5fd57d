package io.trainyard.serving;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.trainyard.shared.Json;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deployments in the words of the Open Inference Protocol (KServe V2). A model has one input, named
 * input, and up to three outputs: predict, probabilities, and output, the model's own.
 */
@Service
public class Inference {
  /** What loads the models, in the protocol's words. */
  private static final String PLATFORM = "pytorch_torchscript";

  private static final String FP32 = "FP32";
  private static final String PREDICT = "predict";
  private static final String PROBABILITIES = "probabilities";
  private static final String OUTPUT = "output";

  private final Deployments deployments;
  private final Predictions predictions;

  Inference(Deployments deployments, Predictions predictions) {
    this.deployments = deployments;
    this.predictions = predictions;
  }

  /** A tensor's description; -1 stands for any number of rows. */
  public record TensorView(String name, String datatype, List<Integer> shape) {}

  /** A model's description. */
  public record MetadataView(
      String name,
      List<String> versions,
      String platform,
      List<TensorView> inputs,
      List<TensorView> outputs) {}

  /** An output. */
  public record OutputView(String name, String datatype, List<Integer> shape, JsonNode data) {}

  /** The answer to a request; without an id if that had none. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ResponseView(
      String modelName, String modelVersion, @Nullable String id, List<OutputView> outputs) {}

  /**
   * Describes a deployment.
   *
   * @throws io.trainyard.shared.Problem of kind NOT_FOUND if there is none
   */
  public MetadataView metadata(String name) throws IOException {
    Deployment deployment = deployments.get(name);
    ServedModel model = deployments.model(deployment);
    return new MetadataView(
        name,
        List.of(Integer.toString(deployment.revision())),
        PLATFORM,
        List.of(
            new TensorView(
                InferenceRequest.INPUT,
                FP32,
                InferenceRequest.withBatch(model.card().inputShape().dimensions()))),
        outputs(model));
  }

  /**
   * Whether a deployment can answer.
   *
   * @throws io.trainyard.shared.Problem of kind NOT_FOUND if there is none
   */
  public boolean ready(String name) {
    return deployments.status(deployments.get(name)).state() == Deployments.State.READY;
  }

  /**
   * Predicts.
   *
   * @throws io.trainyard.shared.Problem as {@link Predictions#predict}
   */
  public ResponseView infer(String name, JsonNode document) throws IOException {
    Deployment deployment = deployments.get(name);
    ServedModel model = deployments.model(deployment);
    List<TensorView> offered = outputs(model);
    InferenceRequest request =
        InferenceRequest.read(document, model, offered.stream().map(TensorView::name).toList());
    Predicted predicted =
        predictions.predict(
            model, request.rows(), "/inputs/0/shape/0", errors -> request.inputs(model, errors));
    List<OutputView> outputs = new ArrayList<>();
    for (TensorView tensor : offered) {
      if (request.outputs().contains(tensor.name())) {
        List<Integer> shape = new ArrayList<>(tensor.shape());
        shape.set(0, request.rows());
        outputs.add(
            new OutputView(
                tensor.name(), tensor.datatype(), shape, data(tensor.name(), predicted)));
      }
    }
    return new ResponseView(name, Integer.toString(deployment.revision()), request.id(), outputs);
  }

  private static List<TensorView> outputs(ServedModel model) {
    List<Integer> all = InferenceRequest.withBatch(model.output().dimensions());
    List<TensorView> outputs = new ArrayList<>();
    outputs.add(
        switch (Predicted.kind(model)) {
          case CLASS ->
              new TensorView(PREDICT, Predicted.textLabels(model) ? "BYTES" : "INT64", List.of(-1));
          case BINARY -> new TensorView(PREDICT, "INT64", all);
          case VALUES -> new TensorView(PREDICT, FP32, all);
        });
    if (Predicted.hasProbabilities(model)) {
      outputs.add(new TensorView(PROBABILITIES, FP32, all));
    }
    outputs.add(new TensorView(OUTPUT, FP32, all));
    return outputs;
  }

  private static JsonNode data(String name, Predicted predicted) {
    ArrayNode data = Json.MAPPER.createArrayNode();
    float[] probabilities = predicted.probabilities();
    if (name.equals(PROBABILITIES) && probabilities != null) {
      Numbers.addAll(data, FloatBuffer.wrap(probabilities));
    } else if (name.equals(OUTPUT) || predicted.kind() == Predicted.Kind.VALUES) {
      Numbers.addAll(data, predicted.outputs());
    } else if (predicted.kind() == Predicted.Kind.CLASS) {
      for (int row = 0; row < predicted.rows(); row++) {
        data.add(Json.tree(predicted.label(predicted.classOf(row))));
      }
    } else if (probabilities != null) {
      for (float probability : probabilities) {
        data.add(Predicted.binary(probability));
      }
    }
    return data;
  }

  /** What a request that failed is answered with. */
  public static ObjectNode error(String detail) {
    return Json.object().put("error", detail);
  }
}
