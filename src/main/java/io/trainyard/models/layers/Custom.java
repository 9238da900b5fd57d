package io.trainyard.models.layers;

import static io.trainyard.expressions.TensorType.BATCH;

import io.trainyard.expressions.DType;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.expressions.TensorType;
import io.trainyard.models.Backward;
import io.trainyard.models.Gradcheck;
import io.trainyard.models.Init;
import io.trainyard.models.Layer;
import io.trainyard.models.Parameter;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.models.inits.Inits;
import io.trainyard.onnx.Graph;
import io.trainyard.onnx.NotInOnnx;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A layer by its own expression, as a Module with parameters drawn by randn; with formulas for
 * gradients it is a torch.autograd.Function, whose inputs without a formula get none.
 */
record Custom(
    List<Parameter> parameters, Expression forward, @Nullable Map<String, Expression> formulas)
    implements Layer {
  private static final String X = "x";
  private static final String GRAD_OUTPUT = Gradcheck.GRAD_OUTPUT;
  private static final Argument<Map<String, List<Integer>>> PARAMETERS =
      Argument.shapes("parameters").orElse(Map.of());
  private static final Argument<String> FORWARD = Argument.text("forward");
  private static final Argument<Map<String, String>> BACKWARD =
      Argument.textsByName("backward").orElse(Map.of());

  static final Kind<Layer> KIND =
      Kind.own("Custom", Custom::read, PARAMETERS, FORWARD, BACKWARD, Inits.ARGUMENT);

  private static Layer read(Arguments arguments) {
    List<Parameter> parameters = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of(X));
    for (Map.Entry<String, List<Integer>> entry : arguments.get(PARAMETERS).entrySet()) {
      String name = entry.getKey();
      if (!Expression.isName(name) || name.equals(X) || name.equals(GRAD_OUTPUT)) {
        throw Arguments.refuse(
            PARAMETERS,
            name,
            "expected a name of letters, digits and underscores other than x and grad_output");
      }
      if (entry.getValue().isEmpty()) {
        throw Arguments.refuse(PARAMETERS, name, "expected at least one size");
      }
      parameters.add(new Parameter(name, new Shape(entry.getValue()), new Init.Normal()));
      names.add(name);
    }
    Expression forward;
    try {
      forward = Expression.parse(arguments.get(FORWARD), names);
    } catch (ExpressionException e) {
      throw Arguments.refuse(FORWARD, e.getMessage());
    }
    Map<String, String> given = arguments.get(BACKWARD);
    return new Custom(
        List.copyOf(parameters), forward, given.isEmpty() ? null : formulas(given, names));
  }

  private static Map<String, Expression> formulas(Map<String, String> given, List<String> names) {
    List<String> scope = new ArrayList<>(names);
    scope.add(GRAD_OUTPUT);
    Map<String, Expression> formulas = new LinkedHashMap<>();
    given.forEach(
        (name, text) -> {
          if (!names.contains(name)) {
            throw Arguments.refuse(
                BACKWARD, name, "there is no such input; they are " + String.join(", ", names));
          }
          try {
            formulas.put(name, Expression.parse(text, scope));
          } catch (ExpressionException e) {
            throw Arguments.refuse(BACKWARD, name, e.getMessage());
          }
        });
    return formulas;
  }

  @Override
  public Shape output(Shape input) throws ShapeMismatch {
    Map<String, TensorType> types = new HashMap<>();
    types.put(X, batch(input));
    parameters.forEach(p -> types.put(p.name(), type(p.shape())));
    TensorType type = type(FORWARD.name(), forward, types);
    List<Long> sizes = type.sizes();
    if (type.dtype() != DType.FLOAT32
        || sizes.isEmpty()
        || sizes.get(0) != BATCH
        || sizes.lastIndexOf(BATCH) != 0) {
      throw new ShapeMismatch(
          FORWARD.name(),
          "expected float32 numbers for each of the N rows, a shape [N, …], got %s for the layer before's %s"
              .formatted(type, batch(input).shape()));
    }
    if (formulas != null) {
      types.put(GRAD_OUTPUT, type);
      for (Map.Entry<String, Expression> formula : formulas.entrySet()) {
        String place = BACKWARD.name() + "/" + formula.getKey();
        check(place, type(place, formula.getValue(), types), types, formula.getKey());
      }
    }
    return new Shape(sizes.stream().skip(1).map(Math::toIntExact).toList());
  }

  private static TensorType type(String place, Expression expression, Map<String, TensorType> types)
      throws ShapeMismatch {
    try {
      return expression.type(types);
    } catch (ExpressionException e) {
      throw new ShapeMismatch(place, String.valueOf(e.getMessage()));
    }
  }

  /** torch sums a gradient over what its input was broadcast along, and refuses other shapes. */
  private static void check(
      String place, TensorType gradient, Map<String, TensorType> types, String name)
      throws ShapeMismatch {
    TensorType input = types.get(name);
    if (input == null || !input.expandsTo(gradient)) {
      throw new ShapeMismatch(
          place,
          "expected the shape of %s, %s, got %s"
              .formatted(name, input == null ? "" : input.shape(), gradient.shape()));
    }
  }

  private static TensorType batch(Shape shape) {
    List<Long> sizes = new ArrayList<>(List.of(BATCH));
    sizes.addAll(type(shape).sizes());
    return new TensorType(DType.FLOAT32, sizes);
  }

  private static TensorType type(Shape shape) {
    return new TensorType(
        DType.FLOAT32, shape.dimensions().stream().map(Integer::longValue).toList());
  }

  @Override
  public boolean passesGradient() {
    return formulas == null ? forward.differentiable(X) : formulas.containsKey(X);
  }

  @Override
  public boolean learns(Parameter parameter) {
    return formulas == null
        ? forward.differentiable(parameter.name())
        : formulas.containsKey(parameter.name());
  }

  @Override
  public Gradcheck.@Nullable Function ownGradients(Shape input, int rows) {
    if (formulas == null) {
      return null;
    }
    Map<String, List<Long>> inputs = new LinkedHashMap<>();
    List<Long> batch = new ArrayList<>(List.of((long) rows));
    batch.addAll(type(input).sizes());
    inputs.put(X, batch);
    parameters.forEach(p -> inputs.put(p.name(), type(p.shape()).sizes()));
    Map<String, String> texts = new LinkedHashMap<>();
    formulas.forEach((name, formula) -> texts.put(name, formula.text()));
    return new Gradcheck.Function(forward.text(), texts, inputs);
  }

  @Override
  public String forward(String x, Scope scope) {
    return forward.script(name -> name.equals(X) ? x : scope.parameter(name));
  }

  @Override
  public String onnx(String x, Shape input, Shape output, Graph graph) throws NotInOnnx {
    Map<String, TensorType> types = new HashMap<>();
    Map<String, String> values = new HashMap<>();
    types.put(X, batch(input));
    values.put(X, x);
    for (Parameter parameter : parameters) {
      types.put(parameter.name(), type(parameter.shape()));
      if (forward.names().contains(parameter.name())) {
        values.put(parameter.name(), graph.parameter(parameter.name()));
      }
    }
    try {
      return forward.onnx(graph, types, values);
    } catch (ExpressionException e) {
      throw new NotInOnnx(FORWARD.name(), String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean replacesAutograd() {
    return formulas != null;
  }

  @Override
  public @Nullable Backward backward(String x, String y, String gradient, Scope scope) {
    if (formulas == null) {
      return null;
    }
    Map<String, String> scripts = new LinkedHashMap<>();
    formulas.forEach(
        (name, formula) -> {
          String script = formula.script(n -> variable(n, x, gradient, scope));
          scripts.put(name, shaped(script, variable(name, x, gradient, scope)));
        });
    return new Backward(scripts.remove(X), scripts);
  }

  /** In the shape and type of the input, as torch makes it. */
  private static String shaped(String gradient, String input) {
    return "torch.contiguous(torch.sum_to_size(torch.to(%s, 6), torch.size(%s)))"
        .formatted(gradient, input);
  }

  private static String variable(String name, String x, String gradOutput, Scope scope) {
    return switch (name) {
      case X -> x;
      case GRAD_OUTPUT -> gradOutput;
      default -> scope.parameter(name);
    };
  }
}
