package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One overload of an operator.
 *
 * @param result what it gives
 * @param rule the result's type or value from the arguments'
 * @param script its text from the arguments' texts
 * @param shapes what fits and what comes out, for the documentation
 */
record Operator(
    String name,
    List<Parameter> parameters,
    Term.Kind result,
    Rule rule,
    Script script,
    Gradient gradient,
    String shapes) {

  /** Through which of the tensors among its arguments gradients flow. */
  enum Gradient {
    ALL,
    FIRST,
    NONE
  }

  /** The type (of a tensor) or value (of a number or list) of a result. */
  interface Rule {
    Object apply(Given given) throws ExpressionException;
  }

  /** TorchScript from the arguments' texts. */
  interface Script {
    String write(List<String> arguments);
  }

  /**
   * An operator that torch's program has under the same name and with the same arguments.
   *
   * @param signature {@code name(Type parameter, Type? parameter=default, *, …)}
   */
  static Operator of(String signature, String shapes, Rule rule) {
    int open = signature.indexOf('(');
    String name = signature.substring(0, open);
    List<Parameter> parameters = new ArrayList<>();
    boolean keywordOnly = false;
    for (String part : signature.substring(open + 1, signature.length() - 1).split(",", -1)) {
      if (part.strip().equals("*")) {
        keywordOnly = true;
      } else {
        parameters.add(Parameter.parse(part, keywordOnly));
      }
    }
    return new Operator(
        name,
        List.copyOf(parameters),
        Term.Kind.TENSOR,
        rule,
        call(name, parameters),
        Gradient.ALL,
        shapes);
  }

  private static Script call(String name, List<Parameter> parameters) {
    return arguments -> {
      StringBuilder text = new StringBuilder("torch." + name + "(");
      for (int i = 0; i < parameters.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        text.append(parameters.get(i).keywordOnly() ? parameters.get(i).name() + "=" : "");
        text.append(arguments.get(i));
      }
      return text.append(")").toString();
    };
  }

  /** Under another name in the program. */
  Operator as(String scriptName) {
    return as(call(scriptName, parameters));
  }

  Operator as(Script other) {
    return new Operator(name, parameters, result, rule, other, gradient, shapes);
  }

  Operator gives(Term.Kind kind) {
    return new Operator(name, parameters, kind, rule, script, Gradient.NONE, shapes);
  }

  Operator gradient(Gradient other) {
    return new Operator(name, parameters, result, rule, script, other, shapes);
  }

  /** Without a gradient. */
  Operator cut() {
    return gradient(Gradient.NONE);
  }

  /** The same under another name of torch's. */
  Operator named(String other) {
    return new Operator(other, parameters, result, rule, script, gradient, shapes);
  }

  boolean passesGradient(int argument) {
    return gradient == Gradient.ALL || (gradient == Gradient.FIRST && argument == 0);
  }

  /** As in torch's documentation: {@code sum(input, dim, keepdim=False)}. */
  String signature() {
    boolean starred = false;
    List<String> shown = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.keywordOnly() && !starred) {
        shown.add("*");
        starred = true;
      }
      shown.add(parameter.shown());
    }
    return shown.stream().collect(Collectors.joining(", ", name + "(", ")"));
  }
}
