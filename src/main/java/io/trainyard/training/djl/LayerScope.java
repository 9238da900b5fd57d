package io.trainyard.training.djl;

import io.trainyard.models.Layer;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import java.util.ArrayList;
import java.util.List;

/** One layer's variables in a script, by the places of its arrays in the lists. */
record LayerScope(Layer layer, int parameters, int buffers, boolean inTraining)
    implements Layer.Scope {

  /** The layers in their order. */
  static List<LayerScope> of(ModelDefinition model, boolean inTraining) {
    List<LayerScope> scopes = new ArrayList<>();
    int parameters = 0;
    int buffers = 0;
    for (Layer layer : model.layers()) {
      scopes.add(new LayerScope(layer, parameters, buffers, inTraining));
      parameters += layer.parameters().size();
      buffers += layer.buffers().size();
    }
    return scopes;
  }

  String forward(String x) {
    return layer.forward(x, this);
  }

  @Override
  public String parameter(String name) {
    return "p" + place(name);
  }

  /** The place of a parameter among the model's. */
  int place(String name) {
    return parameters + index(layer.parameters(), name);
  }

  @Override
  public String buffer(String name) {
    return "buffers[" + (buffers + index(layer.buffers(), name)) + "]";
  }

  @Override
  public String training() {
    return inTraining ? "True" : "False";
  }

  private static int index(List<Parameter> list, String name) {
    return list.stream().map(Parameter::name).toList().indexOf(name);
  }
}
