package io.trainyard.exports.python;

import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.models.Layer;
import io.trainyard.models.ModelDefinition;
import io.trainyard.models.Parameter;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model as an nn.Sequential.
 *
 * @param layers as the document has them
 */
record ModelText(ModelDefinition model, JsonNode layers) {
  private static final String CUSTOM = "Custom";
  private static final String LAYER_NORM = "LayerNorm";

  /** Classes whose one argument says more with its name. */
  private static final Set<String> NAMED = Set.of("Softmax", "LogSoftmax");

  /** Whether torch 1.13 needs a class of ours for a LayerNorm without bias. */
  private boolean needsLayerNorm() {
    return described().stream().anyMatch(ModelText::withoutBias);
  }

  private static boolean withoutBias(JsonNode layer) {
    return type(layer).equals(LAYER_NORM)
        && isFalse(layer, "bias")
        && !isFalse(layer, "elementwise_affine");
  }

  private static boolean isFalse(JsonNode layer, String name) {
    return layer.path(name).isBoolean() && !layer.get(name).booleanValue();
  }

  private static String type(JsonNode layer) {
    return layer.get("type").stringValue();
  }

  private List<JsonNode> described() {
    List<JsonNode> all = new ArrayList<>();
    layers.forEach(all::add);
    return all;
  }

  /** The classes that the model needs besides torch's. */
  Source classes() {
    Source source = new Source();
    if (needsLayerNorm()) {
      source.apart().add(0, "class LayerNormWithoutBias(nn.LayerNorm):");
      source.add(1, "\"\"\"LayerNorm(bias=False), which torch has since 2.1.\"\"\"").blank();
      source.add(1, "def __init__(self, *args, **kwargs):");
      source.add(2, "super().__init__(*args, **kwargs)");
      source.add(2, "self.register_parameter(\"bias\", None)");
    }
    for (int i = 0; i < layers.size(); i++) {
      if (type(layers.get(i)).equals(CUSTOM)) {
        custom(source, i);
      }
    }
    return source;
  }

  /** {@code build_model()}. */
  Source builder() {
    Source source = new Source().apart().add(0, "def build_model():");
    List<String> inits = inits();
    source.add(1, inits.isEmpty() ? "return nn.Sequential(" : "model = nn.Sequential(");
    for (int i = 0; i < layers.size(); i++) {
      source.add(2, layer(i) + ",");
    }
    source.add(1, ")");
    inits.forEach(line -> source.add(1, line));
    return source.addIf(!inits.isEmpty(), 1, "return model");
  }

  private String layer(int index) {
    JsonNode layer = layers.get(index);
    String type = type(layer);
    if (type.equals(CUSTOM)) {
      return customName(index) + "()";
    }
    var known = Layers.VOCABULARY.arguments(type);
    if (type.equals(LAYER_NORM)) {
      known = known.stream().filter(argument -> !argument.name().equals("bias")).toList();
    }
    String name = withoutBias(layer) ? "LayerNormWithoutBias" : "nn." + type;
    return NAMED.contains(type)
        ? Call.named(name, known, layer)
        : Call.positional(name, known, layer);
  }

  private String customName(int index) {
    long count = described().stream().filter(layer -> type(layer).equals(CUSTOM)).count();
    return count == 1 ? CUSTOM : CUSTOM + index;
  }

  private void custom(Source source, int index) {
    JsonNode layer = layers.get(index);
    String name = customName(index);
    List<String> parameters =
        model.layers().get(index).parameters().stream().map(Parameter::name).toList();
    JsonNode formulas = layer.path("backward");
    boolean own = formulas.isObject() && !formulas.isEmpty();
    if (own) {
      function(source, name, layer, parameters);
    }
    source.apart().add(0, "class " + name + "(nn.Module):");
    if (!parameters.isEmpty()) {
      source.add(1, "def __init__(self):").add(2, "super().__init__()");
      for (Parameter parameter : model.layers().get(index).parameters()) {
        String sizes = parameter.shape().toString();
        source.add(
            2,
            "self.%s = nn.Parameter(torch.randn(%s))"
                .formatted(
                    PythonText.attribute(parameter.name()),
                    sizes.substring(1, sizes.length() - 1)));
      }
      source.blank();
    }
    source.add(1, "def forward(self, x):");
    UnaryOperator<String> variables = n -> n.equals("x") ? n : "self." + PythonText.attribute(n);
    if (own) {
      List<String> arguments = new ArrayList<>(List.of("x"));
      parameters.forEach(p -> arguments.add("self." + PythonText.attribute(p)));
      source.add(2, "return %sFunction.apply(%s)".formatted(name, String.join(", ", arguments)));
    } else {
      source.add(
          2, "return " + expression(layer.get("forward"), parameters, "x").python(variables));
    }
  }

  private static void function(
      Source source, String name, JsonNode layer, List<String> parameters) {
    List<String> inputs = new ArrayList<>(List.of("x"));
    inputs.addAll(parameters);
    String locals = inputs.stream().map(ModelText::local).collect(Collectors.joining(", "));
    source.apart().add(0, "class " + name + "Function(torch.autograd.Function):");
    source.add(1, "@staticmethod").add(1, "def forward(ctx, " + locals + "):");
    source.add(2, "ctx.save_for_backward(" + locals + ")");
    Expression forward = expression(layer.get("forward"), parameters, "x");
    source.add(2, "return " + forward.python(ModelText::local)).blank();
    source.add(1, "@staticmethod").add(1, "def backward(ctx, grad_output):");
    source.add(2, (inputs.size() == 1 ? "(x,)" : locals) + " = ctx.saved_tensors");
    List<String> gradients = new ArrayList<>();
    for (String input : inputs) {
      JsonNode formula = layer.get("backward").get(input);
      if (formula == null) {
        gradients.add("None");
      } else {
        String text = expression(formula, parameters, "x", "grad_output").python(ModelText::local);
        source.add(2, "grad_" + input + " = " + text);
        gradients.add("grad_" + input);
      }
    }
    source.add(2, "return " + String.join(", ", gradients));
  }

  private static Expression expression(JsonNode text, List<String> parameters, String... more) {
    List<String> names = new ArrayList<>(List.of(more));
    names.addAll(parameters);
    try {
      return Expression.parse(text.stringValue(), names);
    } catch (ExpressionException e) {
      throw new IllegalArgumentException("the model was not checked", e);
    }
  }

  /** In a function that has a context, and variables for gradients. */
  private static String local(String name) {
    boolean ours = name.equals("ctx") || (name.startsWith("grad_") && !name.equals("grad_output"));
    return ours ? name + "_" : PythonText.variable(name);
  }

  /** What replaces default values, in the order in which they are drawn. */
  private List<String> inits() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      JsonNode init = layers.get(i).path("init");
      boolean single = init.isString() || init.path("type").isString();
      Layer layer = model.layers().get(i);
      for (Parameter parameter : layer.parameters()) {
        JsonNode given =
            single ? (parameter.name().equals("weight") ? init : null) : init.get(parameter.name());
        if (given != null) {
          lines.add(init(given, "model[" + i + "]." + PythonText.attribute(parameter.name())));
        }
      }
    }
    return lines;
  }

  private static String init(JsonNode given, String parameter) {
    @Nullable JsonNode type = given.isString() ? given : given.get("type");
    List<String> arguments = new ArrayList<>(List.of(parameter));
    if (given.isObject()) {
      for (Map.Entry<String, JsonNode> member : given.properties()) {
        if (!member.getKey().equals("type") && !member.getValue().isNull()) {
          arguments.add(member.getKey() + "=" + Call.python(member.getValue()));
        }
      }
    }
    String function = type == null ? "" : type.stringValue().replaceFirst("_$", "") + "_";
    return "nn.init." + function + "(" + String.join(", ", arguments) + ")";
  }
}
