package io.trainyard.expressions;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts an expression into tokens. */
final class Lexer {
  static final int MAX_LENGTH = 10_000;

  /** A number may lack digits on one side of its point, as in Python. */
  private static final Pattern NUMBER = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern STRING = Pattern.compile("'[^'\\\\\\n]*'|\"[^\"\\\\\\n]*\"");
  private static final Pattern SYMBOL =
      Pattern.compile("\\*\\*|<=|>=|==|!=|\\.\\.\\.|[-+*/@<>&|^~()\\[\\],.:=]");

  /** Python's words that a reader could expect to work here. */
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "not", "if", "else", "for", "in", "is", "lambda", "import", "def");

  /** The kinds of token. */
  enum Kind {
    NUMBER,
    NAME,
    STRING,
    SYMBOL,
    END
  }

  /** A piece of the text and the column where it starts. */
  record Token(Kind kind, String text, int column) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    String shown() {
      return kind == Kind.END ? "the end" : "'" + text + "'";
    }
  }

  private Lexer() {}

  /** Whether the text is an identifier that can name a tensor. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches() && !KEYWORDS.contains(text);
  }

  static List<Token> tokens(String text) throws ExpressionException {
    if (text.length() > MAX_LENGTH) {
      throw new ExpressionException(
          MAX_LENGTH, "the expression is longer than " + MAX_LENGTH + " characters");
    }
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      Token token = next(text, at);
      tokens.add(token);
      at += token.text().length();
    }
    tokens.add(new Token(Kind.END, "", text.length() + 1));
    return tokens;
  }

  private static Token next(String text, int at) throws ExpressionException {
    int column = at + 1;
    Matcher matcher = NUMBER.matcher(text).region(at, text.length());
    if (matcher.lookingAt()) {
      Matcher name = NAME.matcher(text).region(matcher.end(), text.length());
      if (name.lookingAt()) {
        throw new ExpressionException(
            matcher.end() + 1,
            "'%s' follows a number; a product needs a *".formatted(name.group()));
      }
      return new Token(Kind.NUMBER, matcher.group(), column);
    }
    if (matcher.usePattern(NAME).lookingAt()) {
      String name = matcher.group();
      if (KEYWORDS.contains(name)) {
        throw new ExpressionException(
            column,
            "'%s' is not part of the language; masks are combined by &, | and ~".formatted(name));
      }
      return new Token(Kind.NAME, name, column);
    }
    if (matcher.usePattern(STRING).lookingAt()) {
      return new Token(Kind.STRING, matcher.group(), column);
    }
    if (matcher.usePattern(SYMBOL).lookingAt()) {
      return new Token(Kind.SYMBOL, matcher.group(), column);
    }
    String character = new String(Character.toChars(text.codePointAt(at)));
    throw new ExpressionException(column, "unexpected character '" + character + "'");
  }
}
