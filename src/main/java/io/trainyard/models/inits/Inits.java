package io.trainyard.models.inits;

import io.trainyard.models.Init;
import io.trainyard.models.Layer;
import io.trainyard.models.Parameter;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Json;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Vocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A layer's {@code init}: other first values for its parameters than torch gives by default. The
 * names are torch.nn.init's, with or without the last underscore.
 */
public final class Inits {
  private static final String WEIGHT = "weight";
  private static final String REFERENCE = "#/$defs/init";

  private static final Argument<Double> VAL = Limits.real("val");

  private static final Argument<Double> FROM = Limits.real("a").orElse(0.0);
  private static final Argument<Double> TO = Limits.real("b").orElse(1.0);
  private static final Argument<Double> MEAN = Limits.real("mean").orElse(0.0);
  private static final Argument<Double> STD = Limits.real("std").atLeast(0).orElse(1.0);

  private static final Vocabulary<Initializer> VOCABULARY =
      new Vocabulary<>(
          "init",
          "torch.nn.init",
          Kind.of("uniform", Inits::uniform, FROM, TO),
          Kind.of("normal", a -> shape -> new Init.Normal(a.get(MEAN), a.get(STD)), MEAN, STD),
          Kind.of("constant", a -> shape -> new Init.Constant(a.get(VAL)), VAL),
          Kind.of("ones", a -> shape -> new Init.Constant(1)),
          Kind.of("zeros", a -> shape -> new Init.Constant(0)),
          Operators.EYE,
          Operators.DIRAC,
          Scaled.XAVIER_UNIFORM,
          Scaled.XAVIER_NORMAL,
          Scaled.KAIMING_UNIFORM,
          Scaled.KAIMING_NORMAL,
          Operators.TRUNC_NORMAL,
          Operators.ORTHOGONAL,
          Operators.SPARSE);

  /** The argument of every layer that has parameters. */
  public static final Argument<JsonNode> ARGUMENT =
      Argument.json("init", Json.object().put("$ref", REFERENCE))
          .matching(Inits::isInit, "a name of torch.nn.init or an object")
          .optional();

  private Inits() {}

  /** The argument of a layer whose class in torch has a number of that name already. */
  public static Argument<JsonNode> orNumber(double fallback) {
    ObjectNode schema = Json.object();
    schema.withArray("anyOf").addObject().put("type", "number");
    schema.withArray("anyOf").addObject().put("$ref", REFERENCE);
    return Argument.json("init", schema)
        .matching(
            node -> isInit(node) || (node.isNumber() && Double.isFinite(node.asDouble(Double.NaN))),
            "a finite number, a name of torch.nn.init or an object")
        .orElse(Json.tree(fallback));
  }

  private static boolean isInit(JsonNode node) {
    return node.isString() || node.isObject();
  }

  /**
   * Reads {@code "xavier_uniform"} or {@code {"type": "constant", "val": 0.5}}, both of the weight,
   * or {@code {"weight": …, "bias": …}}.
   *
   * @param node as the layer's argument has let it pass, or null
   * @return what replaces a parameter's default values, in the order of the parameters
   * @throws ArithmeticException if the layer is too large to be counted
   */
  public static Map<String, Init> read(
      @Nullable JsonNode node, Layer layer, String pointer, Errors errors) {
    if (node == null || !isInit(node)) {
      return Map.of();
    }
    List<Parameter> parameters = layer.parameters();
    String names = String.join(", ", parameters.stream().map(Parameter::name).toList());
    if (parameters.isEmpty()) {
      errors.add(pointer, "the layer has no parameters");
      return Map.of();
    }
    boolean single = node.isString() || node.path("type").isString();
    if (single && parameters.stream().noneMatch(p -> p.name().equals(WEIGHT))) {
      errors.add(
          pointer,
          "the layer has no weight; say for which of its parameters, %s: {\"%s\": …}"
              .formatted(names, parameters.get(0).name()));
      return Map.of();
    }
    if (!single) {
      for (String name : node.propertyNames()) {
        if (parameters.stream().noneMatch(p -> p.name().equals(name))) {
          errors.add(Json.pointer(pointer, name), "unknown; the layer's parameters are " + names);
        }
      }
    }
    Map<String, Init> inits = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      String name = parameter.name();
      JsonNode given = single ? (name.equals(WEIGHT) ? node : null) : node.get(name);
      if (given != null) {
        String place = single ? pointer : Json.pointer(pointer, name);
        Init init = read(given, parameter, place, errors);
        if (init != null) {
          inits.put(name, init);
        }
      }
    }
    return inits;
  }

  private static @Nullable Init read(
      JsonNode node, Parameter parameter, String pointer, Errors errors) {
    JsonNode type = node.isString() ? node : node.path("type");
    ObjectNode described = node.isObject() ? (ObjectNode) node.deepCopy() : Json.object();
    if (type.isString()) {
      described.put("type", type.stringValue().replaceFirst("_$", ""));
    }
    Initializer initializer = VOCABULARY.read(isInit(node) ? described : node, pointer, errors);
    if (initializer == null) {
      return null;
    }
    try {
      return initializer.fill(parameter.shape());
    } catch (ShapeMismatch e) {
      errors.add(pointer + e.pointer(), parameter.name() + ": " + e.detail());
      return null;
    }
  }

  /** The JSON Schema of an {@code init}, to be found at {@code #/$defs/init}. */
  public static Map<String, ObjectNode> schemas() {
    ObjectNode kinds = VOCABULARY.schema();
    ObjectNode one = Json.object();
    ArrayNode words = Json.object().putArray("enum");
    ArrayNode forms = one.putArray("anyOf");
    forms.addObject().put("type", "string").set("enum", words);
    Map<String, ObjectNode> schemas = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> kind : kinds.get("$defs").properties()) {
      ObjectNode schema = (ObjectNode) kind.getValue();
      String name = "torch.nn.init." + kind.getKey() + "_";
      schema.put("description", name + ": https://pytorch.org/docs/stable/nn.init.html#" + name);
      ArrayNode names = Json.object().putArray("enum").add(kind.getKey()).add(kind.getKey() + "_");
      ((ObjectNode) schema.get("properties")).putObject("type").set("enum", names);
      if (schema.get("required").size() == 1) {
        names.forEach(words::add);
      }
      forms.addObject().put("$ref", "#/$defs/" + kind.getKey());
      schemas.put(kind.getKey(), schema);
    }
    schemas.put("initializer", one);
    ObjectNode init = Json.object().put("title", "init");
    init.put("description", "Of the weight, or of parameters by their names.");
    init.withArray("anyOf").addObject().put("$ref", "#/$defs/initializer");
    ObjectNode byName = init.withArray("anyOf").addObject().put("type", "object");
    byName.putObject("properties").putObject("type").put("type", "object");
    byName.putObject("additionalProperties").put("$ref", "#/$defs/initializer");
    schemas.put("init", init);
    return schemas;
  }

  private static Initializer uniform(Arguments a) {
    Limits.ordered(FROM, TO, a);
    Init init = new Init.Uniform(a.get(FROM), a.get(TO));
    return shape -> init;
  }
}
