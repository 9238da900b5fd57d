package io.trainyard.models;

import org.jspecify.annotations.Nullable;

/** What comes in does not fit a layer or a loss. */
public final class ShapeMismatch extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable String argument;

  /**
   * @param argument the argument at odds with the shape, or null if it is the whole layer
   * @param detail what was expected and what "the layer before" gives
   */
  public ShapeMismatch(@Nullable String argument, String detail) {
    super(detail);
    this.argument = argument;
  }

  /** The place below the layer's pointer. */
  public String pointer() {
    return argument == null ? "" : "/" + argument;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
