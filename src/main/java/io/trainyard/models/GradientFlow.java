package io.trainyard.models;

import java.util.ArrayList;
import java.util.List;

/**
 * Where gradients come to in a model: torch's {@code grad} is None for a parameter that its layer
 * does not learn, and for all before a layer that passes none on.
 */
public final class GradientFlow {
  private final List<Layer> layers;

  /** The first layer whose output gets a gradient. */
  private final int first;

  private GradientFlow(List<Layer> layers, int first) {
    this.layers = layers;
    this.first = first;
  }

  public static GradientFlow of(ModelDefinition model) {
    int first = model.layers().size() - 1;
    while (first > 0 && model.layers().get(first).passesGradient()) {
      first--;
    }
    return new GradientFlow(model.layers(), first);
  }

  /** Whether an optimizer gets a gradient of a parameter of layer {@code index}. */
  public boolean trains(int index, Parameter parameter) {
    return index >= first && layers.get(index).learns(parameter);
  }

  /** The parameters of layer {@code index} that train. */
  public List<Parameter> trained(int index) {
    List<Parameter> trained = new ArrayList<>(layers.get(index).parameters());
    trained.removeIf(parameter -> !trains(index, parameter));
    return trained;
  }

  /** Whether anything trains in the layers up to {@code index}. */
  public boolean trainsUpTo(int index) {
    for (int i = first; i <= index; i++) {
      if (!trained(i).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether anything trains. */
  public boolean trains() {
    return trainsUpTo(layers.size() - 1);
  }
}
