package io.trainyard.training.djl;

import io.trainyard.models.GradientFlow;
import io.trainyard.models.Layer;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import java.util.ArrayList;
import java.util.List;

/** One layer's variables in a script, by the places of its arrays in the lists. */
record LayerScope(Layer layer, int parameters, int buffers, boolean inTraining, Products products)
    implements Layer.Scope {

  /** The layers in their order. */
  static List<LayerScope> of(ModelDefinition model, boolean inTraining, Products products) {
    List<LayerScope> scopes = new ArrayList<>();
    int parameters = 0;
    int buffers = 0;
    for (Layer layer : model.layers()) {
      scopes.add(new LayerScope(layer, parameters, buffers, inTraining, products));
      parameters += layer.parameters().size();
      buffers += layer.buffers().size();
    }
    return scopes;
  }

  /** What a parameter's variable is set to. */
  interface Unpacking {
    /**
     * The expression.
     *
     * @param layer the index of the parameter's layer
     * @param place the parameter in its list: {@code p}, or {@code frozen} if no gradient comes to
     *     it
     */
    String of(int layer, Parameter parameter, String place);
  }

  /** Statements that set the variables of all parameters. */
  static List<String> unpack(ModelDefinition model, Unpacking unpacking) {
    GradientFlow flow = GradientFlow.of(model);
    List<String> statements = new ArrayList<>();
    int trained = 0;
    int frozen = 0;
    for (int i = 0; i < model.layers().size(); i++) {
      for (Parameter parameter : model.layers().get(i).parameters()) {
        String variable = "p" + (trained + frozen);
        String place =
            flow.trains(i, parameter) ? "p[" + trained++ + "]" : "frozen[" + frozen++ + "]";
        statements.add(variable + " = " + unpacking.of(i, parameter, place));
      }
    }
    return statements;
  }

  String forward(String x) {
    return layer.forward(x, this);
  }

  @Override
  public String parameter(String name) {
    return "p" + (parameters + index(layer.parameters(), name));
  }

  @Override
  public String buffer(String name) {
    return "buffers[" + (buffers + index(layer.buffers(), name)) + "]";
  }

  @Override
  public String training() {
    return inTraining ? "True" : "False";
  }

  @Override
  public String linear(String x, String weight, String bias) {
    return products.linear(x, weight, bias, weights());
  }

  @Override
  public String matmul(String a, String b) {
    return products.matmul(a, b, weights());
  }

  private long weights() {
    return layer.parameters().stream().mapToLong(p -> p.shape().elements()).sum();
  }

  private static int index(List<Parameter> list, String name) {
    return list.stream().map(Parameter::name).toList().indexOf(name);
  }
}
