package io.trainyard.models.inits;

import io.trainyard.models.Init;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Shape;

/** A function of torch.nn.init with its arguments, before it is told what to fill. */
@FunctionalInterface
interface Initializer {
  /**
   * How a tensor of that shape is filled.
   *
   * @throws ShapeMismatch if the function does not take such tensors
   */
  Init fill(Shape shape) throws ShapeMismatch;
}
