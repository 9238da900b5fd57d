package io.trainyard.expressions;

import io.trainyard.expressions.Lexer.Kind;
import io.trainyard.expressions.Lexer.Token;
import java.util.List;
import java.util.Set;

/** A place in the tokens of an expression. */
final class Tokens {
  private final List<Token> tokens;
  private int at;
  private int nesting;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  boolean isOneOf(Set<String> symbols) {
    return peek().kind() == Kind.SYMBOL && symbols.contains(peek().text());
  }

  /** Whether a named argument starts here. */
  boolean isKeyword() {
    return peek().kind() == Kind.NAME && tokens.get(at + 1).is("=");
  }

  Token name() throws ExpressionException {
    if (peek().kind() != Kind.NAME) {
      throw unexpected("a name after '.'", "");
    }
    return next();
  }

  /** Goes a level deeper, which must not be too deep. */
  void enter(Token token) throws ExpressionException {
    if (++nesting > Term.MAX_DEPTH) {
      throw tooDeep(token.column());
    }
  }

  void leave() {
    nesting--;
  }

  static ExpressionException tooDeep(int column) {
    return new ExpressionException(
        column, "the expression is nested more than " + Term.MAX_DEPTH + " deep");
  }

  ExpressionException unexpected(String expected, String more) {
    return new ExpressionException(
        peek().column(), "expected %s%s, got %s".formatted(expected, more, peek().shown()));
  }
}
