package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.models.GradientFlow;
import io.trainyard.models.Init;
import io.trainyard.models.Layer;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import io.trainyard.training.Calculations;
import io.trainyard.training.Optimizer;
import io.trainyard.training.SafetensorsFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A model's arrays: parameters and buffers, by their names in torch's {@code state_dict()}. */
final class Weights {
  private final PtNDManager manager;
  private final Map<String, NDArray> byName;
  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> others;

  private Weights(
      PtNDManager manager,
      Map<String, NDArray> byName,
      Map<String, NDArray> parameters,
      Map<String, NDArray> others) {
    this.manager = manager;
    this.byName = byName;
    this.parameters = parameters;
    this.others = others;
  }

  /** Draws the initial values from torch's generator, in the order in which torch does. */
  static Weights create(PtNDManager manager, ModelDefinition model) {
    return of(manager, model, draw(manager, model));
  }

  /**
   * Takes the values from a file.
   *
   * @throws Calculations.Refused if it has not all of the model's arrays in their shapes
   */
  static Weights read(PtNDManager manager, ModelDefinition model, SafetensorsFile file)
      throws Calculations.Refused, IOException {
    Map<String, NDArray> byName = new LinkedHashMap<>();
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      for (Parameter tensor : tensors(layer)) {
        String name = name(i, tensor.name());
        byName.put(name, read(manager, name, tensor, file));
      }
    }
    return of(manager, model, byName);
  }

  private static NDArray read(
      PtNDManager manager, String name, Parameter tensor, SafetensorsFile file)
      throws Calculations.Refused, IOException {
    DataType type = tensor.init() instanceof Init.Count ? DataType.INT64 : DataType.FLOAT32;
    Shape shape = Tensors.shape(tensor.shape());
    SafetensorsFile.Entry entry = file.entries().get(name);
    List<Long> sizes = Arrays.stream(shape.getShape()).boxed().toList();
    if (entry == null
        || !entry.dtype().equals(Safetensors.type(type))
        || !entry.shape().equals(sizes)) {
      throw new Calculations.Refused(
          "the file's %s is %s, expected %s %s"
              .formatted(name, entry, Safetensors.type(type), sizes));
    }
    try (NDArray mapped = manager.create(file.bytes(name), shape, type)) {
      return mapped.duplicate(); // the file may be deleted
    }
  }

  private static Weights of(
      PtNDManager manager, ModelDefinition model, Map<String, NDArray> byName) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    Map<String, NDArray> frozen = new LinkedHashMap<>();
    Map<String, NDArray> buffers = new LinkedHashMap<>();
    GradientFlow flow = GradientFlow.of(model);
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      for (Parameter parameter : layer.parameters()) {
        String name = name(i, parameter.name());
        boolean trains = flow.trains(i, parameter);
        (trains ? parameters : frozen)
            .put(name, named(trains ? "p[]" : "frozen[]", byName.get(name)));
      }
      for (Parameter buffer : layer.buffers()) {
        String name = name(i, buffer.name());
        buffers.put(name, named("buffers[]", byName.get(name)));
      }
    }
    frozen.putAll(buffers);
    return new Weights(manager, byName, parameters, frozen);
  }

  /** All default values, then those that the document asks for, as scripts do it. */
  private static Map<String, NDArray> draw(PtNDManager manager, ModelDefinition model) {
    Map<String, NDArray> byName = new LinkedHashMap<>();
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      for (Parameter tensor : tensors(layer)) {
        byName.put(name(i, tensor.name()), draw(manager, tensor.shape(), tensor.init()));
      }
    }
    for (int i = 0; i < model.layers().size(); i++) {
      for (Parameter parameter : model.layers().get(i).parameters()) {
        Init init = model.inits().get(i).get(parameter.name());
        if (init != null) {
          NDArray drawn = draw(manager, parameter.shape(), init);
          Objects.requireNonNull(byName.put(name(i, parameter.name()), drawn)).close();
        }
      }
    }
    return byName;
  }

  private static List<Parameter> tensors(Layer layer) {
    List<Parameter> tensors = new ArrayList<>(layer.parameters());
    tensors.addAll(layer.buffers());
    return tensors;
  }

  /** A tensor's name in torch's {@code state_dict()}. */
  private static String name(int layer, String tensor) {
    return layer + "." + tensor;
  }

  Map<String, NDArray> byName() {
    return byName;
  }

  /** The arguments {@code p}, {@code frozen} and {@code buffers} of the scripts. */
  NDList arguments() {
    return new NDList(parameters.values()).addAll(new NDList(others.values()));
  }

  /** The names of {@link #arguments}, one for one. */
  List<String> names() {
    List<String> names = new ArrayList<>(parameters.keySet());
    names.addAll(others.keySet());
    return names;
  }

  /** Every array as a list argument of that name. */
  NDList all(String name) {
    NDList list = new NDList();
    for (NDArray array : arguments()) {
      // A second handle on the same memory: an array has one name, and those are taken.
      list.add(named(name + "[]", array.stopGradient()));
    }
    return list;
  }

  /** Arrays of the same shapes, to keep a copy in. */
  NDList duplicate(String name) {
    NDList list = new NDList();
    arguments().forEach(a -> list.add(named(name + "[]", a.duplicate())));
    return list;
  }

  /** Whether no gradient comes to any parameter. */
  boolean isFixed() {
    return parameters.isEmpty();
  }

  /**
   * The optimizer's states at the start, as arguments of the scripts, by their names in a
   * checkpoint.
   */
  Map<String, NDArray> states(Optimizer optimizer) {
    Map<String, NDArray> states = new LinkedHashMap<>();
    for (Optimizer.State state : optimizer.states()) {
      parameters.forEach(
          (name, parameter) -> {
            Shape shape = state.scalar() ? new Shape() : parameter.getShape();
            states.put(
                Restoration.OPTIMIZER + state.name() + "." + name,
                named(
                    state.name() + "[]",
                    manager.full(shape, (float) state.initial(), DataType.FLOAT32)));
          });
    }
    return states;
  }

  private static NDArray draw(PtNDManager manager, io.trainyard.shared.Shape sizes, Init init) {
    Shape shape = Tensors.shape(sizes);
    if (init instanceof Init.Constant constant) {
      return manager.full(shape, (float) constant.value(), DataType.FLOAT32);
    }
    if (init instanceof Init.Count) {
      return manager.zeros(shape, DataType.INT64);
    }
    return Devices.onCpu(manager, cpu -> draw(cpu, shape, init));
  }

  private static NDArray draw(PtNDManager cpu, Shape shape, Init init) {
    if (init instanceof Init.Uniform uniform) {
      return JniUtils.uniform(
          cpu, uniform.from(), uniform.to(), shape, DataType.FLOAT32, cpu.getDevice());
    }
    if (init instanceof Init.Normal normal) {
      return JniUtils.normal(
          cpu, normal.mean(), normal.std(), shape, DataType.FLOAT32, cpu.getDevice());
    }
    List<String> statements = ((Init.Statements) init).statements();
    try (Script script = Script.load(cpu, ProgramText.fill(statements));
        NDArray w = cpu.zeros(shape)) {
      return script.run("fill", new NDList(w), false);
    }
  }

  private static NDArray named(String name, @Nullable NDArray array) {
    Objects.requireNonNull(array, name).setName(name);
    return array;
  }
}
