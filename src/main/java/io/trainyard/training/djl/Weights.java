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
import io.trainyard.training.Optimizer;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model's arrays: parameters and buffers, by their names in torch's {@code state_dict()}. */
final class Weights {
  private final PtNDManager manager;
  private final Map<String, NDArray> byName;
  private final NDList parameters;
  private final NDList others;

  private Weights(
      PtNDManager manager, Map<String, NDArray> byName, NDList parameters, NDList others) {
    this.manager = manager;
    this.byName = byName;
    this.parameters = parameters;
    this.others = others;
  }

  /** Draws the initial values from torch's generator, in the order in which torch does. */
  static Weights create(PtNDManager manager, ModelDefinition model) {
    Map<String, NDArray> byName = new LinkedHashMap<>();
    NDList parameters = new NDList();
    NDList frozen = new NDList();
    NDList buffers = new NDList();
    GradientFlow flow = GradientFlow.of(model);
    for (int i = 0; i < model.layers().size(); i++) {
      Layer layer = model.layers().get(i);
      for (Parameter parameter : layer.parameters()) {
        boolean trains = flow.trains(i, parameter);
        NDArray array = named(trains ? "p[]" : "frozen[]", draw(manager, parameter));
        (trains ? parameters : frozen).add(array);
        byName.put(i + "." + parameter.name(), array);
      }
      for (Parameter buffer : layer.buffers()) {
        NDArray array = named("buffers[]", draw(manager, buffer));
        buffers.add(array);
        byName.put(i + "." + buffer.name(), array);
      }
    }
    return new Weights(manager, byName, parameters, frozen.addAll(buffers));
  }

  Map<String, NDArray> byName() {
    return byName;
  }

  /** The arguments {@code p}, {@code frozen} and {@code buffers} of the scripts. */
  NDList arguments() {
    return new NDList(parameters).addAll(others);
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

  /** The optimizer's states at the start, as arguments of the scripts. */
  NDList states(Optimizer optimizer) {
    NDList list = new NDList();
    for (Optimizer.State state : optimizer.states()) {
      for (NDArray parameter : parameters) {
        Shape shape = state.scalar() ? new Shape() : parameter.getShape();
        list.add(
            named(
                state.name() + "[]",
                manager.full(shape, (float) state.initial(), DataType.FLOAT32)));
      }
    }
    return list;
  }

  private static NDArray draw(PtNDManager manager, Parameter parameter) {
    Shape shape = Tensors.shape(parameter.shape());
    if (parameter.init() instanceof Init.Constant constant) {
      return manager.full(shape, (float) constant.value(), DataType.FLOAT32);
    }
    if (parameter.init() instanceof Init.Count) {
      return manager.zeros(shape, DataType.INT64);
    }
    return Devices.onCpu(
        manager,
        cpu ->
            parameter.init() instanceof Init.Uniform uniform
                ? JniUtils.uniform(
                    cpu,
                    -uniform.bound(),
                    uniform.bound(),
                    shape,
                    DataType.FLOAT32,
                    cpu.getDevice())
                : cpu.randomNormal(0, 1, shape, DataType.FLOAT32));
  }

  private static NDArray named(String name, NDArray array) {
    array.setName(name);
    return array;
  }
}
