package io.trainyard.training.losses;

import static io.trainyard.expressions.TensorType.BATCH;

import io.trainyard.datasets.Target;
import io.trainyard.expressions.DType;
import io.trainyard.expressions.Expression;
import io.trainyard.expressions.ExpressionException;
import io.trainyard.expressions.TensorType;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Argument;
import io.trainyard.shared.Arguments;
import io.trainyard.shared.Kind;
import io.trainyard.shared.Shape;
import io.trainyard.training.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A loss by its own expression over {@code y_pred}, the outputs, and {@code y}, the target: int64
 * classes or float values. {@code reduction} tells only how batches make up an epoch's loss.
 */
record Custom(Expression formula, Reduction reduction) implements Loss {
  private static final String PREDICTION = "y_pred";
  private static final String TARGET = "y";
  private static final Argument<String> EXPRESSION = Argument.text("expression");

  static final Kind<Loss> KIND = Kind.own("Custom", Custom::read, EXPRESSION, Reduction.ARGUMENT);

  private static Loss read(Arguments arguments) {
    Expression formula;
    try {
      formula = Expression.parse(arguments.get(EXPRESSION), List.of(PREDICTION, TARGET));
    } catch (ExpressionException e) {
      throw Arguments.refuse(EXPRESSION, e.getMessage());
    }
    if (!formula.differentiable(PREDICTION)) {
      throw Arguments.refuse(
          EXPRESSION, "has no gradient with respect to y_pred: there is nothing to train by");
    }
    return new Custom(formula, Reduction.of(arguments));
  }

  /** A column of whole numbers is one value per row if that fits, as it does in most formulas. */
  @Override
  public Target accept(Shape output, Target target) throws ShapeMismatch {
    if (!(target instanceof Target.Integers integers)) {
      check(output, target);
      return target;
    }
    Target values = new Target.Values(Shape.of(1));
    try {
      check(output, values);
      return values;
    } catch (ShapeMismatch e) {
      Target classes =
          new Target.Classes(
              integers.distinct().size(),
              integers.distinct().stream().sorted().map(String::valueOf).toList());
      try {
        check(output, classes);
      } catch (ShapeMismatch other) {
        e.addSuppressed(other);
        throw e;
      }
      return classes;
    }
  }

  private void check(Shape output, Target target) throws ShapeMismatch {
    TensorType y =
        target instanceof Target.Values values
            ? batch(values.shape())
            : TensorType.of(DType.INT64, BATCH);
    TensorType type;
    try {
      type = formula.type(Map.of(PREDICTION, batch(output), TARGET, y));
    } catch (ExpressionException e) {
      throw new ShapeMismatch(
          EXPRESSION.name(),
          "%s (y_pred is %s, y is %s)".formatted(e.getMessage(), batch(output), y));
    }
    if (type.dtype() != DType.FLOAT32 || type.sizes().stream().anyMatch(size -> size != 1)) {
      throw new ShapeMismatch(
          EXPRESSION.name(),
          "expected one float32 number, as .mean() or .sum() gives, got " + type);
    }
  }

  private static TensorType batch(Shape shape) {
    List<Long> sizes = new ArrayList<>(List.of(BATCH));
    shape.dimensions().forEach(size -> sizes.add(size.longValue()));
    return new TensorType(DType.FLOAT32, sizes);
  }

  /** One number may come in any number of dimensions. */
  @Override
  public String expression(String prediction, String target, Scope scope) {
    String script = formula.script(name -> name.equals(TARGET) ? target : prediction);
    return "torch.reshape(" + script + ", annotate(List[int], []))";
  }

  @Override
  public boolean summed() {
    return reduction == Reduction.SUM;
  }
}
