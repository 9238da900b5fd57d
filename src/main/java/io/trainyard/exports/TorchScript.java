package io.trainyard.exports;

import io.trainyard.models.Layer;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import io.trainyard.shared.PythonText;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.ModelCard;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A trained model as the archive that torch.jit.save would write: a module with a submodule for
 * each layer, named as in torch's {@code state_dict()}, in evaluation mode. The scaling of features
 * is part of it.
 */
final class TorchScript {
  private static final String FOLDER = "model/";
  private static final String MODEL = "Model";
  private static final String OFFSET = "input_offset";
  private static final String SCALE = "input_scale";

  /** The operators' version in torch 1.13, which later releases read as well. */
  private static final String VERSION = "10\n";

  /** The pickled empty tuple. */
  private static final String CONSTANTS = "\u0080\u0002).";

  private final ModelCard card;
  private final ModelDefinition model;
  private final TensorFile file;
  private final List<TensorFile.Tensor> storages = new ArrayList<>();

  TorchScript(ModelCard card, TensorFile file) {
    this.card = card;
    this.model = card.definition();
    this.file = file;
  }

  /** Writes the archive; the stream stays open. */
  void write(OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.NO_COMPRESSION); // parameters do not become smaller
    byte[] data = data();
    entry(zip, "data.pkl", data);
    entry(zip, "code/__torch__.py", code().getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < storages.size(); i++) {
      zip.putNextEntry(new ZipEntry(FOLDER + "data/" + i));
      Channels.newChannel(zip).write(storages.get(i).bytes().duplicate());
      zip.closeEntry();
    }
    entry(zip, "constants.pkl", CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
    entry(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
    zip.finish();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(FOLDER + name));
    zip.write(bytes);
    zip.closeEntry();
  }

  private byte[] data() {
    Pickle pickle = new Pickle();
    pickle.object(MODEL);
    FeatureScaling scaling = card.scaling();
    if (scaling != null) {
      constant(pickle, OFFSET, scaling.offset());
      constant(pickle, SCALE, scaling.scale());
    }
    training(pickle);
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      pickle.attribute(Integer.toString(i));
      pickle.object(className(i));
      for (Parameter parameter : layer.parameters()) {
        stored(pickle, i, parameter, true);
      }
      for (Parameter buffer : layer.buffers()) {
        stored(pickle, i, buffer, false);
      }
      training(pickle);
      pickle.end();
    }
    pickle.end();
    return pickle.bytes();
  }

  private static void training(Pickle pickle) {
    pickle.attribute("training");
    pickle.isFalse();
  }

  private void stored(Pickle pickle, int layer, Parameter parameter, boolean learned) {
    TensorFile.Tensor tensor = file.get(layer + "." + parameter.name());
    tensor(pickle, PythonText.attribute(parameter.name()), tensor, learned);
  }

  private void constant(Pickle pickle, String name, List<Double> values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(value -> bytes.putFloat(value.floatValue()));
    List<Long> sizes = card.inputShape().dimensions().stream().map(Integer::longValue).toList();
    tensor(pickle, name, new TensorFile.Tensor("F32", sizes, bytes.flip()), false);
  }

  private void tensor(Pickle pickle, String name, TensorFile.Tensor tensor, boolean learned) {
    String storage = tensor.dtype().equals("I64") ? "LongStorage" : "FloatStorage";
    pickle.attribute(name);
    pickle.tensor(storage, storages.size(), tensor.sizes(), learned);
    storages.add(tensor);
  }

  private static String className(int layer) {
    return "Layer" + layer;
  }

  private String code() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < model.layers().size(); i++) {
      code.append(layer(i));
    }
    boolean scales = card.scaling() != null;
    List<String> buffers = scales ? List.of(OFFSET, SCALE) : List.of();
    code.append(head(MODEL, List.of(), buffers));
    code.append("  __annotations__ = []\n");
    for (int i = 0; i < model.layers().size(); i++) {
      code.append("  __annotations__[\"%d\"] = __torch__.%s\n".formatted(i, className(i)));
    }
    code.append("  def forward(self: __torch__.%s, x: Tensor) -> Tensor:\n".formatted(MODEL));
    if (scales) {
      code.append("    x = torch.div(torch.sub(x, self.input_offset), self.input_scale)\n");
    }
    for (int i = 0; i < model.layers().size(); i++) {
      code.append("    x = (getattr(self, \"%d\")).forward(x, )\n".formatted(i));
    }
    return code.append("    return x\n").toString();
  }

  private String layer(int index) {
    Layer layer = model.layers().get(index);
    String text = head(className(index), names(layer.parameters()), names(layer.buffers()));
    text += "  def forward(self: __torch__.%s, x: Tensor) -> Tensor:\n".formatted(className(index));
    List<String> before = layer.beforeTraining(Attributes.SCOPE);
    if (!before.isEmpty()) {
      text += "    if self.training:\n";
      text += before.stream().map(s -> "      " + s + "\n").collect(Collectors.joining());
      text += "    else:\n      pass\n";
    }
    return text + "    return " + layer.forward("x", Attributes.SCOPE) + "\n";
  }

  private static List<String> names(List<Parameter> parameters) {
    return parameters.stream().map(p -> PythonText.attribute(p.name())).toList();
  }

  private static String head(String name, List<String> parameters, List<String> buffers) {
    StringBuilder text = new StringBuilder("class " + name + "(Module):\n");
    text.append("  __parameters__ = " + quoted(parameters) + "\n");
    text.append("  __buffers__ = " + quoted(buffers) + "\n");
    parameters.forEach(p -> text.append("  " + p + " : Tensor\n"));
    buffers.forEach(b -> text.append("  " + b + " : Tensor\n"));
    return text.append("  training : bool\n").toString();
  }

  private static String quoted(List<String> names) {
    return names.stream()
        .map(name -> "\"" + name + "\", ")
        .collect(Collectors.joining("", "[", "]"));
  }

  /** A layer's tensors as attributes of its module. */
  private enum Attributes implements Layer.Scope {
    SCOPE;

    @Override
    public String parameter(String name) {
      return "self." + PythonText.attribute(name);
    }

    @Override
    public String buffer(String name) {
      return "self." + PythonText.attribute(name);
    }

    @Override
    public String training() {
      return "self.training";
    }
  }
}
