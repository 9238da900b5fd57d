package io.trainyard.exports;

import io.trainyard.onnx.OnnxModel;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.ModelCard;
import java.util.List;

/**
 * The files that are made of a model's card and numbers.
 *
 * @param job that it is of
 */
record ModelFiles(String job, ModelCard card, TensorFile tensors) {
  static final String ONNX = "model.onnx";
  static final String TORCHSCRIPT = "model.pt";

  /** Of which {@link #open} makes each. */
  static final List<String> NAMES = List.of(ModelCard.NAME, ONNX, TORCHSCRIPT, ModelCard.TENSORS);

  /**
   * Makes a file.
   *
   * @throws Problem of kind NOT_FOUND if there is none of that name; INVALID if the format has no
   *     means for a layer
   */
  Export open(String name) {
    return switch (name) {
      case ModelCard.NAME -> Export.text("application/json", Json.write(card));
      case ModelCard.TENSORS -> Export.binary(tensors::write);
      case ONNX -> {
        OnnxModel onnx = OnnxExport.of(card, tensors, job);
        yield Export.binary(onnx::write);
      }
      case TORCHSCRIPT -> {
        TorchScript script = new TorchScript(card, tensors);
        yield Export.binary(script::write);
      }
      default -> throw Problem.notFound("artifact", name);
    };
  }
}
