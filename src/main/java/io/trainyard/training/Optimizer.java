package io.trainyard.training;

import java.util.List;

/**
 * A torch optimizer as data: what it remembers of each parameter, and its step as TorchScript.
 *
 * <p>The step's statements can use {@code p} and {@code g}, the parameters and their gradients
 * (contiguous), and the states, all lists of tensors in the same order; {@code lr}, a float; and
 * {@code step}, the number of steps before this one. States have names of one letter, or with an
 * underscore after it, which the script uses for nothing else. The statements must write to {@code
 * p} and the states themselves: an update of an alias is dropped as dead code.
 */
public interface Optimizer {

  /** The first learning rate. */
  double lr();

  default List<State> states() {
    return List.of();
  }

  /** The statements of one step, in order. */
  List<String> step();

  /**
   * What is remembered of each parameter.
   *
   * @param name the list's name in the script
   * @param scalar whether it is one number per parameter rather than one per element
   * @param initial the value everywhere at the start
   */
  record State(String name, boolean scalar, double initial) {

    /** One number per element, 0 at the start. */
    public static State zeros(String name) {
      return new State(name, false, 0);
    }

    /** One number per parameter, 0 at the start. */
    public static State counter(String name) {
      return new State(name, true, 0);
    }
  }
}
