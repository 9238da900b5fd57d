package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.expressions.DType;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.expressions.TensorType;
import io.trainyard.models.Gradcheck;
import io.trainyard.training.Calculations;
import io.trainyard.training.TensorData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One comparison of a function's own gradients, at random inputs in float64. */
final class NumericCheck {
  /** torch's gradcheck allows this much. */
  private static final double ABSOLUTE = 1e-5;

  private static final double RELATIVE = 1e-3;

  /** Below this a number's own rounding is what deviates. */
  private static final double SMALL = 1e-6;

  private static final int MOST = 1000;
  private static final int FEWEST = 10;

  /** How many elements all evaluations together may go through. */
  private static final double EFFORT = 1 << 28;

  private final Gradcheck.Function function;
  private final PtNDManager manager;
  private final NDList arguments = new NDList();

  /** Draws the inputs and the value's gradient, always the same ones. */
  NumericCheck(Gradcheck.Function function, PtNDManager manager) {
    this.function = function;
    this.manager = manager;
    JniUtils.setSeed(0);
    function.inputs().values().forEach(sizes -> arguments.add(normal(sizes)));
    arguments.add(normal(valueSizes()));
  }

  /** By input, in their order. */
  Map<String, Gradcheck.@Nullable Check> run(Script script, Calculations autograd)
      throws Calculations.Refused {
    NDList own = script.runAll(GradcheckText.BACKWARD, arguments, false);
    Map<String, @Nullable TensorData> expected = autograd(autograd);
    Map<String, Gradcheck.@Nullable Check> checks = new LinkedHashMap<>();
    List<String> formulas = List.copyOf(function.backward().keySet());
    for (String name : function.inputs().keySet()) {
      if (!function.backward().containsKey(name)) {
        checks.put(name, null);
        continue;
      }
      TensorData gradient = DjlCalculations.data(own.get(formulas.indexOf(name)));
      long[] places = places(gradient.elements());
      NDArray at = manager.create(places);
      NDList inputs = new NDList(arguments).addAll(new NDList(at));
      String method = GradcheckText.numericMethod(function, name);
      TensorData numeric = DjlCalculations.data(script.run(method, inputs, false));
      TensorData other = expected.get(name);
      checks.put(
          name,
          new Gradcheck.Check(
              gradient.elements(),
              places.length,
              compare(gradient, numeric, places),
              other == null
                  ? null
                  : compare(gradient, other, LongStream.range(0, gradient.elements()).toArray())));
    }
    return checks;
  }

  private Map<String, @Nullable TensorData> autograd(Calculations engine)
      throws Calculations.Refused {
    Expression forward = forward();
    Map<String, Calculations.Input> inputs = new LinkedHashMap<>();
    int i = 0;
    for (String name : function.inputs().keySet()) {
      TensorData data = DjlCalculations.data(arguments.get(i++));
      inputs.put(name, new Calculations.Input(data, forward.differentiable(name)));
    }
    TensorData gradOutput = DjlCalculations.data(arguments.get(i));
    boolean any = inputs.values().stream().anyMatch(Calculations.Input::requiresGrad);
    return any
        ? engine
            .gradients(new Calculations.Question(function.forward(), inputs, gradOutput))
            .gradients()
        : Map.of();
  }

  /**
   * Compares a gradient with the elements of another.
   *
   * @param expected all elements, or those at {@code places}
   */
  private static Gradcheck.Comparison compare(
      TensorData gradient, TensorData expected, long[] places) {
    double maxAbsolute = -1;
    double maxRelative = 0;
    boolean agrees = true;
    int worst = 0;
    for (int i = 0; i < places.length; i++) {
      double a = gradient.number((int) places[i]);
      double b = expected.number(i);
      double deviation = a == b ? 0 : Math.abs(a - b);
      // Written so that NaN is the worst of all.
      if (!(deviation <= maxAbsolute) && !Double.isNaN(maxAbsolute)) {
        maxAbsolute = deviation;
        worst = i;
      }
      double scale = Math.max(SMALL, Math.max(Math.abs(a), Math.abs(b)));
      maxRelative = Math.max(maxRelative, deviation == 0 ? 0 : deviation / scale);
      agrees &= deviation <= ABSOLUTE + RELATIVE * Math.abs(b);
    }
    return new Gradcheck.Comparison(
        maxAbsolute,
        maxRelative,
        index(places[worst], gradient.sizes()),
        gradient.number((int) places[worst]),
        expected.number(worst),
        agrees);
  }

  private static List<Long> index(long place, List<Long> sizes) {
    List<Long> index = new ArrayList<>();
    long rest = place;
    for (int i = sizes.size() - 1; i >= 0; i--) {
      index.add(0, rest % sizes.get(i));
      rest /= sizes.get(i);
    }
    return index;
  }

  /** So many of an input's elements as can be checked in reasonable time, evenly spread. */
  private long[] places(int elements) {
    long each = arguments.stream().mapToLong(NDArray::size).sum();
    int count = (int) Math.min(elements, Math.max(FEWEST, Math.min(MOST, EFFORT / each)));
    return LongStream.range(0, count).map(i -> i * elements / count).toArray();
  }

  private List<Long> valueSizes() {
    Map<String, TensorType> types = new LinkedHashMap<>();
    function.inputs().forEach((name, s) -> types.put(name, new TensorType(DType.FLOAT64, s)));
    try {
      return forward().type(types).sizes();
    } catch (ExpressionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Expression forward() {
    try {
      return Expression.parse(function.forward(), function.inputs().keySet());
    } catch (ExpressionException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private NDArray normal(List<Long> sizes) {
    long[] shape = Objects.requireNonNull(sizes).stream().mapToLong(Long::longValue).toArray();
    return manager.randomNormal(0, 1, new Shape(shape), DataType.FLOAT64);
  }
}
