package io.trainyard.expressions;

import io.trainyard.onnx.Graph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A tensor expression in torch's syntax, as {@code x.mm(w1).clamp(min=0).mm(w2)}. It is read once,
 * with every word looked up, never evaluated as code, and written as TorchScript.
 */
public final class Expression {
  private static final int MAX_WRITTEN = 10_000;

  private final String text;
  private final Term term;
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> differentiable = new LinkedHashSet<>();

  private Expression(String text, Term term) {
    this.text = text;
    this.term = term;
    collect(term, true);
  }

  /**
   * Reads an expression.
   *
   * @param names of the tensors that it may use
   * @throws ExpressionException if it is none, or its words or arguments are unknown
   */
  public static Expression parse(String text, Collection<String> names) throws ExpressionException {
    Term term = new Parser(text, List.copyOf(names)).parse();
    if (written(term) > MAX_WRITTEN) {
      throw new ExpressionException(
          term.column(), "softsign in softsign is too deep: torch's program has its input twice");
    }
    return new Expression(text, term);
  }

  /** How many terms there are where a program repeats one. */
  private static double written(Term term) {
    if (term instanceof Term.Items items) {
      return items.items().stream().mapToDouble(Expression::written).sum();
    }
    if (term instanceof Term.Apply apply) {
      int times = apply.operator().name().equals("softsign") ? 2 : 1;
      return 1 + times * apply.arguments().stream().mapToDouble(Expression::written).sum();
    }
    return 1;
  }

  /** Whether a tensor can have that name. */
  public static boolean isName(String text) {
    return Lexer.isName(text) && !Parser.RESERVED.contains(text);
  }

  /**
   * The result's type for tensors of such types. Where sizes are {@link TensorType#BATCH}, it holds
   * for a batch of any size.
   *
   * @param types of at least the {@link #names()}
   * @throws ExpressionException if shapes or element types do not fit an operator
   */
  public TensorType type(Map<String, TensorType> types) throws ExpressionException {
    TensorType first = type(types, TensorType.SAMPLES[0]);
    TensorType second = type(types, TensorType.SAMPLES[1]);
    List<Long> sizes = new ArrayList<>();
    boolean settled = first.rank() == second.rank();
    for (int i = 0; settled && i < first.rank(); i++) {
      long size = first.sizes().get(i);
      if (size == second.sizes().get(i)) {
        sizes.add(size);
      } else {
        settled = size == TensorType.SAMPLES[0] && second.sizes().get(i) == TensorType.SAMPLES[1];
        sizes.add(TensorType.BATCH);
      }
    }
    if (!settled) {
      throw new ExpressionException(
          term.column(),
          "the result has shape %s for a batch of N rows; a size may be N or not depend on it"
              .formatted(first.shape()));
    }
    return new TensorType(first.dtype(), sizes);
  }

  private TensorType type(Map<String, TensorType> types, long rows) throws ExpressionException {
    return (TensorType) value(term, types, rows, result -> {});
  }

  /**
   * How many elements all operators' results have together, which bounds the memory of a
   * calculation; a number that is too large for a long is near enough as a double.
   *
   * @param types of at least the {@link #names()}, without a batch
   * @throws ExpressionException as {@link #type(Map)}
   */
  public double elements(Map<String, TensorType> types) throws ExpressionException {
    DoubleSummaryStatistics elements = new DoubleSummaryStatistics();
    value(
        term,
        types,
        0,
        result ->
            elements.accept(
                result.sizes().stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b)));
    return elements.getSum();
  }

  private static Object value(
      Term term, Map<String, TensorType> types, long rows, Consumer<TensorType> results)
      throws ExpressionException {
    if (term instanceof Term.Literal literal) {
      return literal.value();
    }
    if (term instanceof Term.Name name) {
      TensorType type = types.get(name.name());
      if (type == null) {
        throw new IllegalArgumentException("no type for " + name.name());
      }
      return type.withBatch(rows);
    }
    List<Term> parts =
        term instanceof Term.Items items ? items.items() : ((Term.Apply) term).arguments();
    List<Object> values = new ArrayList<>();
    for (Term part : parts) {
      values.add(value(part, types, rows, results));
    }
    if (!(term instanceof Term.Apply apply)) {
      return List.copyOf(values);
    }
    Object result = apply.operator().rule().apply(new Given(apply, values));
    if (result instanceof TensorType tensor) {
      results.accept(tensor);
    }
    return result;
  }

  /**
   * The expression in TorchScript's serialized form.
   *
   * @param variableOf the variable that holds the tensor of a name
   */
  public String script(Function<String, String> variableOf) {
    return new Writer(variableOf).write(term);
  }

  /**
   * The expression in Python, over torch, {@code F} (torch.nn.functional) and {@code math}.
   *
   * @param variableOf the variable that holds the tensor of a name
   */
  public String python(UnaryOperator<String> variableOf) {
    return new PythonWriter(variableOf).write(term);
  }

  /**
   * Adds the expression to a graph of ONNX.
   *
   * @param types of at least the {@link #names()}; a size may be {@link TensorType#BATCH}
   * @param values the values in the graph that hold them
   * @return the value of the result
   * @throws ExpressionException if ONNX has no operator for a part of it
   */
  public String onnx(Graph graph, Map<String, TensorType> types, Map<String, String> values)
      throws ExpressionException {
    return new OnnxWriter(graph, types, values).write(term);
  }

  /** The names that it uses. */
  public Set<String> names() {
    return Set.copyOf(names);
  }

  /**
   * Whether torch's result requires a gradient if that tensor (of floating point) does: whether a
   * way from it to the result passes no comparison, detach or index.
   */
  public boolean differentiable(String name) {
    return differentiable.contains(name);
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return text;
  }

  private void collect(Term part, boolean flows) {
    if (part instanceof Term.Name name) {
      names.add(name.name());
      if (flows) {
        differentiable.add(name.name());
      }
    } else if (part instanceof Term.Items items) {
      items.items().forEach(item -> collect(item, flows));
    } else if (part instanceof Term.Apply apply) {
      for (int i = 0; i < apply.arguments().size(); i++) {
        collect(apply.arguments().get(i), flows && apply.operator().passesGradient(i));
      }
    }
  }
}
