package io.trainyard.expressions;

/** What is wrong with an expression, and where. */
public final class ExpressionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int column;
  private final String detail;

  /**
   * @param column of the place in the text, from 1
   */
  ExpressionException(int column, String detail) {
    super("column " + column + ": " + detail);
    this.column = column;
    this.detail = detail;
  }

  /** The place in the text, from 1. */
  public int column() {
    return column;
  }

  /** What is wrong, without the place. */
  public String detail() {
    return detail;
  }
}
