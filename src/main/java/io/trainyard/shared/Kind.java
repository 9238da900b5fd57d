package io.trainyard.shared;

import java.util.List;
import java.util.function.Function;

/**
 * One word of a vocabulary: the name a document gives as {@code type}, its arguments, and what it
 * makes of them.
 *
 * @param ofTorch whether the name is a class's of torch
 * @param <T> what is made
 */
public record Kind<T>(
    String type, List<Argument<?>> arguments, Function<Arguments, T> factory, boolean ofTorch) {

  public static <T> Kind<T> of(
      String type, Function<Arguments, T> factory, Argument<?>... arguments) {
    return new Kind<>(type, List.of(arguments), factory, true);
  }

  /** A word that is this service's own. */
  public static <T> Kind<T> own(
      String type, Function<Arguments, T> factory, Argument<?>... arguments) {
    return new Kind<>(type, List.of(arguments), factory, false);
  }
}
