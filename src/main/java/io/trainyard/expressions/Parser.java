package io.trainyard.expressions;

import io.trainyard.expressions.Lexer.Kind;
import io.trainyard.expressions.Lexer.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads an expression by recursive descent, with Python's precedence. */
final class Parser {
  static final int MAX_TERMS = 1000;

  /** Words that name no tensor. */
  static final Set<String> RESERVED = Set.of("torch", "nn", "F", "math", "True", "False", "None");

  private static final Set<String> COMPARISONS = Set.of("<", "<=", ">", ">=", "==", "!=");

  /** Symbols from the loosest to the tightest, above the comparisons. */
  private static final List<Set<String>> LEVELS =
      List.of(Set.of("|"), Set.of("^"), Set.of("&"), Set.of("+", "-"), Set.of("*", "/", "@"));

  private final Tokens tokens;
  private final Collection<String> names;
  private int terms;

  Parser(String text, Collection<String> names) throws ExpressionException {
    this.tokens = new Tokens(Lexer.tokens(text));
    this.names = names;
  }

  Term parse() throws ExpressionException {
    if (tokens.peek().kind() == Kind.END) {
      throw new ExpressionException(1, "the expression is empty");
    }
    Term term = comparison();
    if (tokens.peek().kind() != Kind.END) {
      String hint = tokens.peek().is("=") ? "; equality is ==" : "";
      throw tokens.unexpected("an operator or the end", hint);
    }
    return switch (term.kind()) {
      case TENSOR -> term;
      case PAIR ->
          throw new ExpressionException(
              term.column(), "gives a pair (values, indices); take .values or .indices, or amax");
      default ->
          throw new ExpressionException(
              term.column(), "gives " + term.kind().words() + "; expected a tensor");
    };
  }

  private Term comparison() throws ExpressionException {
    Term left = level(0);
    if (!tokens.isOneOf(COMPARISONS)) {
      return left;
    }
    Token symbol = tokens.next();
    Term term = made(Symbols.binary(symbol.column(), symbol.text(), left, level(0)));
    if (tokens.isOneOf(COMPARISONS)) {
      throw new ExpressionException(
          tokens.peek().column(), "comparisons do not chain; write (a < b) & (b < c)");
    }
    return term;
  }

  private Term level(int index) throws ExpressionException {
    if (index == LEVELS.size()) {
      return unary();
    }
    Term left = level(index + 1);
    while (tokens.isOneOf(LEVELS.get(index))) {
      Token symbol = tokens.next();
      left = made(Symbols.binary(symbol.column(), symbol.text(), left, level(index + 1)));
    }
    return left;
  }

  private Term unary() throws ExpressionException {
    if (!tokens.peek().is("-") && !tokens.peek().is("+") && !tokens.peek().is("~")) {
      return power();
    }
    Token symbol = tokens.next();
    tokens.enter(symbol);
    Term term = made(Symbols.unary(symbol.column(), symbol.text(), unary()));
    tokens.leave();
    return term;
  }

  /** Tighter than a sign on its left, looser than one on its right: -x ** -2 is -(x ** (-2)). */
  private Term power() throws ExpressionException {
    Term base = postfix(primary());
    if (!tokens.peek().is("**")) {
      return base;
    }
    Token symbol = tokens.next();
    tokens.enter(symbol);
    Term term = made(Symbols.binary(symbol.column(), "**", base, unary()));
    tokens.leave();
    return term;
  }

  private Term postfix(Term start) throws ExpressionException {
    Term term = start;
    while (true) {
      if (tokens.peek().is(".")) {
        tokens.next();
        Token name = tokens.name();
        if (tokens.peek().is("(")) {
          term = call(name, List.of(term));
        } else {
          term = made(Properties.of(name.column(), name.text(), term));
        }
      } else if (tokens.peek().is("[")) {
        term = made(subscript(tokens.next(), term));
      } else if (tokens.peek().is("(")) {
        throw tokens.unexpected("an operator", "; only operators of torch can be called");
      } else {
        return term;
      }
    }
  }

  private Term primary() throws ExpressionException {
    Token token = tokens.peek();
    boolean bracket = token.is("(") || token.is("[");
    if (!bracket && (token.kind() == Kind.SYMBOL || token.kind() == Kind.END)) {
      throw tokens.unexpected("a name, a number or '('", "");
    }
    tokens.next();
    return switch (token.kind()) {
      case NUMBER -> made(Numbers.literal(token));
      case STRING -> made(Term.Literal.text(token.column(), token.text()));
      case NAME -> made(name(token));
      default -> sequence(token, token.is("(") ? ")" : "]");
    };
  }

  private Term name(Token token) throws ExpressionException {
    return switch (token.text()) {
      case "True" -> new Term.Literal(token.column(), true);
      case "False" -> new Term.Literal(token.column(), false);
      case "None" -> Term.Literal.none(token.column());
      case "torch", "nn", "F", "math" -> module(token);
      default -> {
        if (names.contains(token.text())) {
          yield new Term.Name(token.column(), token.text());
        }
        if (tokens.peek().is("(") && !Operators.named(token.text()).isEmpty()) {
          throw new ExpressionException(
              token.column(), "write torch.%1$s(…) or x.%1$s(…)".formatted(token.text()));
        }
        throw new ExpressionException(
            token.column(),
            "unknown name '" + token.text() + "'; names here are " + String.join(", ", names));
      }
    };
  }

  /**
   * {@code torch.tanh(x)}, {@code F.relu(x)}, {@code torch.nn.functional.relu(x)}, {@code math.pi}.
   */
  private Term module(Token start) throws ExpressionException {
    StringBuilder path = new StringBuilder(start.text());
    Token name;
    do {
      if (!tokens.peek().is(".")) {
        throw tokens.unexpected("'.'", " after " + path);
      }
      tokens.next();
      name = tokens.name();
      path.append('.').append(name.text());
    } while (tokens.peek().is(".")
        && List.of("torch.nn", "nn.functional", "torch.nn.functional").contains(path.toString()));
    String prefix = path.substring(0, path.length() - name.text().length() - 1);
    boolean mathematical = prefix.equals("math");
    if (!tokens.peek().is("(")) {
      Double constant = Numbers.CONSTANTS.get(name.text());
      if (constant == null || !(mathematical || prefix.equals("torch"))) {
        throw new ExpressionException(name.column(), "unknown constant '" + path + "'");
      }
      return new Term.Literal(start.column(), constant);
    }
    if (!mathematical) {
      return call(name, List.of());
    }
    Arguments arguments = arguments();
    List<Term> all = new ArrayList<>(arguments.positional);
    all.addAll(arguments.named.values());
    return Numbers.function(name, all);
  }

  private Term call(Token name, List<Term> receiver) throws ExpressionException {
    List<Operator> overloads = Operators.lookUp(name.column(), name.text());
    Arguments arguments = arguments();
    List<Term> positional = new ArrayList<>(receiver);
    positional.addAll(arguments.positional);
    return made(Calls.bind(name.column(), name.text(), overloads, positional, arguments.named));
  }

  private record Arguments(List<Term> positional, Map<String, Term> named) {}

  private Arguments arguments() throws ExpressionException {
    Token open = tokens.next();
    tokens.enter(open);
    Arguments arguments = new Arguments(new ArrayList<>(), new LinkedHashMap<>());
    while (!tokens.peek().is(")")) {
      Token first = tokens.peek();
      if (tokens.isKeyword()) {
        tokens.next();
        tokens.next();
        if (arguments.named.put(first.text(), comparison()) != null) {
          throw new ExpressionException(first.column(), "'" + first.text() + "' is given twice");
        }
      } else if (arguments.named.isEmpty()) {
        arguments.positional.add(comparison());
      } else {
        throw new ExpressionException(
            first.column(), "an argument without a name after named ones");
      }
      separator(open, ")");
    }
    tokens.next();
    tokens.leave();
    return arguments;
  }

  /** A list or a tuple; one term in parentheses is itself. */
  private Term sequence(Token open, String close) throws ExpressionException {
    tokens.enter(open);
    List<Term> items = new ArrayList<>();
    boolean comma = false;
    while (!tokens.peek().is(close)) {
      items.add(comparison());
      comma |= tokens.peek().is(",");
      separator(open, close);
    }
    tokens.next();
    boolean parentheses = close.equals(")") && !comma && items.size() == 1;
    return parentheses ? items.get(0) : made(new Term.Items(open.column(), items));
  }

  /** A comma, or what closes the list and stays there. */
  private void separator(Token open, String close) throws ExpressionException {
    if (tokens.peek().is(",")) {
      tokens.next();
    } else if (!tokens.peek().is(close)) {
      throw tokens.unexpected(
          "',' or '" + close + "'",
          " for the '%s' in column %d".formatted(open.text(), open.column()));
    }
  }

  private Term subscript(Token open, Term term) throws ExpressionException {
    tokens.enter(open);
    List<Subscript.Item> items = new ArrayList<>();
    while (!tokens.peek().is("]")) {
      items.add(item());
      separator(open, "]");
    }
    if (items.isEmpty()) {
      throw tokens.unexpected("an index", "");
    }
    tokens.next();
    tokens.leave();
    return Subscript.of(open.column(), term, items);
  }

  private Subscript.Item item() throws ExpressionException {
    int column = tokens.peek().column();
    if (tokens.peek().is("...")) {
      tokens.next();
      return new Subscript.Item(column, Subscript.Form.REST, List.of());
    }
    List<Term> bounds = new ArrayList<>();
    boolean slice = false;
    while (true) {
      boolean absent = tokens.peek().is(":") || tokens.peek().is(",") || tokens.peek().is("]");
      bounds.add(absent ? Term.Literal.none(tokens.peek().column()) : level(0));
      if (!tokens.peek().is(":") || bounds.size() == 3) {
        break;
      }
      slice = true;
      tokens.next();
    }
    return new Subscript.Item(column, slice ? Subscript.Form.SLICE : Subscript.Form.INDEX, bounds);
  }

  private Term made(Term term) throws ExpressionException {
    if (++terms > MAX_TERMS) {
      throw new ExpressionException(
          term.column(), "the expression has more than " + MAX_TERMS + " terms");
    }
    if (term.depth() > Term.MAX_DEPTH) {
      throw Tokens.tooDeep(term.column());
    }
    return term;
  }
}
