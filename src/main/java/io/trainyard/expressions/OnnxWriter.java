package io.trainyard.expressions;

import io.trainyard.expressions.OnnxCall.Part;
import io.trainyard.onnx.Graph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Adds a term to a graph of ONNX. */
final class OnnxWriter {

  /** Adds the nodes of an application and gives its result. */
  interface Emission {
    String emit(OnnxCall call) throws ExpressionException;
  }

  private static final Map<String, Emission> EMISSIONS = emissions();

  private final Graph graph;
  private final Map<String, TensorType> types;
  private final Map<String, String> values;

  OnnxWriter(Graph graph, Map<String, TensorType> types, Map<String, String> values) {
    this.graph = graph;
    this.types = types;
    this.values = values;
  }

  private static Map<String, Emission> emissions() {
    Map<String, Emission> all = new HashMap<>();
    OnnxElementwise.register(all);
    OnnxReductions.register(all);
    OnnxShapes.register(all);
    OnnxLosses.register(all);
    return all;
  }

  /** Whether there are nodes for an operator. */
  static boolean knows(String operator) {
    return EMISSIONS.containsKey(operator);
  }

  /** The value of a tensor's term. */
  String write(Term term) throws ExpressionException {
    return Objects.requireNonNull(part(term).name());
  }

  private Part part(Term term) throws ExpressionException {
    if (term instanceof Term.Literal literal) {
      return Part.of(literal.value(), literal.value(), null);
    }
    if (term instanceof Term.Name name) {
      TensorType type = Objects.requireNonNull(types.get(name.name()));
      return Part.of(
          type.withBatch(TensorType.SAMPLES[0]),
          type.withBatch(TensorType.SAMPLES[1]),
          values.get(name.name()));
    }
    List<Term> terms =
        term instanceof Term.Items items ? items.items() : ((Term.Apply) term).arguments();
    List<Part> parts = new ArrayList<>();
    for (Term each : terms) {
      parts.add(part(each));
    }
    List<Object> sample = parts.stream().map(Part::sample).toList();
    List<Object> other = parts.stream().map(Part::other).toList();
    return term instanceof Term.Apply apply
        ? applied(apply, parts, sample, other)
        : new Part(sample, other, null, parts);
  }

  private Part applied(Term.Apply apply, List<Part> parts, List<Object> sample, List<Object> other)
      throws ExpressionException {
    Operator operator = apply.operator();
    Object first = operator.rule().apply(new Given(apply, sample));
    Object second = operator.rule().apply(new Given(apply, other));
    if (operator.result() == Term.Kind.INTS) {
      return new Part(first, second, null, parts); // sizes are asked for one by one
    }
    if (operator.result() == Term.Kind.PAIR) {
      return pair(apply, parts, (List<?>) first, (List<?>) second);
    }
    String name = operator.name();
    if (name.equals("values") || name.equals("indices")) {
      return parts.get(0).parts().get(name.equals("values") ? 0 : 1);
    }
    boolean known = !(first instanceof TensorType) && first.equals(second);
    return Part.of(first, second, known ? null : emit(name, apply, parts, first));
  }

  /** The largest or smallest along a dimension, and where they are. */
  private Part pair(Term.Apply apply, List<Part> parts, List<?> first, List<?> second)
      throws ExpressionException {
    List<Part> pair = new ArrayList<>();
    String name = apply.operator().name();
    for (int i = 0; i < 2; i++) {
      Object type = Objects.requireNonNull(first.get(i));
      String value = emit((i == 0 ? "a" : "arg") + name, apply, parts, type);
      pair.add(Part.of(type, Objects.requireNonNull(second.get(i)), value));
    }
    return new Part(first, second, null, pair);
  }

  private String emit(String name, Term.Apply apply, List<Part> parts, Object result)
      throws ExpressionException {
    OnnxCall call = new OnnxCall(graph, apply, parts, result);
    Emission emission = EMISSIONS.get(name);
    if (emission == null) {
      throw call.refuse("ONNX has no such operator");
    }
    return emission.emit(call);
  }
}
