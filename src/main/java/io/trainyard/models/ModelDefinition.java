package io.trainyard.models;

import io.trainyard.models.inits.Inits;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Layers in a row, as in torch.nn.Sequential.
 *
 * @param input the shape of one input if the document gives it, else null
 * @param types the layers' type names, for display
 * @param inits for each layer the parameters whose first values are not the default's
 */
public record ModelDefinition(
    List<Layer> layers, List<String> types, List<Map<String, Init>> inits, @Nullable Shape input) {
  private static final int MAX_LAYERS = 10_000;
  private static final String TOO_LARGE = "the layer is too large";
  static final Argument<JsonNode> LAYERS = Argument.json("layers");
  static final Argument<List<Integer>> INPUT_SHAPE =
      Argument.integers("input_shape").atLeast(1).optional();

  /**
   * Reads {@code {"layers": […], "input_shape": […]}}.
   *
   * @return the model, or null if there were errors
   */
  public static @Nullable ModelDefinition read(JsonNode node, String pointer, Errors errors) {
    Arguments members = Arguments.read(node, pointer, errors, List.of(LAYERS, INPUT_SHAPE));
    return members == null ? null : of(members, pointer, errors);
  }

  static @Nullable ModelDefinition of(Arguments members, String pointer, Errors errors) {
    JsonNode array = members.get(LAYERS);
    String place = pointer + "/layers";
    if (!array.isArray() || array.isEmpty() || array.size() > MAX_LAYERS) {
      errors.add(place, "expected an array of 1 to " + MAX_LAYERS + " layers");
      return null;
    }
    int before = errors.size();
    List<Layer> layers = new ArrayList<>();
    List<String> types = new ArrayList<>();
    List<Map<String, Init>> inits = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      JsonNode described = array.get(i);
      String here = Json.pointer(place, i);
      Layer layer = Layers.VOCABULARY.read(described, here, errors);
      if (layer != null) {
        layers.add(layer);
        types.add(described.get("type").stringValue());
        inits.add(inits(described, layer, here, errors));
      }
    }
    if (errors.size() > before) {
      return null;
    }
    List<Integer> input = members.find(INPUT_SHAPE);
    return new ModelDefinition(layers, types, inits, input == null ? null : new Shape(input));
  }

  private static Map<String, Init> inits(
      JsonNode described, Layer layer, String pointer, Errors errors) {
    try {
      return Inits.read(described.get("init"), layer, pointer + "/init", errors);
    } catch (ArithmeticException e) {
      errors.add(pointer, TOO_LARGE);
      return Map.of();
    }
  }

  /**
   * Follows the shapes through the layers.
   *
   * @param input the shape of one input, or null to take what the model itself says of it
   * @return the shapes and sizes, or null if a layer does not fit the one before
   */
  public @Nullable ModelSummary summarize(@Nullable Shape input, String pointer, Errors errors) {
    Shape start = input != null ? input : this.input != null ? this.input : impliedInput();
    Shape shape = start;
    List<ModelSummary.Row> rows = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Shape before = shape;
      if (shape == null) {
        shape = layer.impliedInput();
      }
      try {
        shape = shape == null ? null : layer.output(shape);
        rows.add(ModelSummary.Row.of(i, types.get(i), layer, before, shape));
      } catch (ShapeMismatch e) {
        String detail = i > 0 ? e.detail() : e.detail().replace("the layer before", "the input");
        errors.add(Json.pointer(pointer + "/layers", i) + e.pointer(), detail);
        return null;
      } catch (ArithmeticException e) {
        errors.add(Json.pointer(pointer + "/layers", i), TOO_LARGE);
        return null;
      }
    }
    try {
      return ModelSummary.of(start, shape, rows);
    } catch (ArithmeticException e) {
      errors.add(pointer + "/layers", "the model is too large");
      return null;
    }
  }

  /** The shapes of all parameters and buffers, by their names in torch's {@code state_dict()}. */
  public Map<String, Shape> tensors() {
    Map<String, Shape> tensors = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      String prefix = i + ".";
      layer.parameters().forEach(p -> tensors.put(prefix + p.name(), p.shape()));
      layer.buffers().forEach(b -> tensors.put(prefix + b.name(), b.shape()));
    }
    return tensors;
  }

  /** What the first layer fixes, seen through layers before it that keep any shape. */
  private @Nullable Shape impliedInput() {
    return layers.get(0).impliedInput();
  }
}
