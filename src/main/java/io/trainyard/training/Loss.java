package io.trainyard.training;

import io.trainyard.datasets.Target;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Shape;

/** A torch loss as data: what it accepts and the operator it stands for. */
public interface Loss {

  /**
   * Settles how this loss sees a dataset's target.
   *
   * @param output the shape of one output of the model
   * @return the target as this loss takes it, classes or values
   * @throws ShapeMismatch if the outputs or the target do not fit the loss
   */
  Target accept(Shape output, Target target) throws ShapeMismatch;

  /** The loss as a TorchScript expression in serialized form. */
  String expression(String prediction, String target);

  /** Whether it is the sum over the batch rather than the mean ({@code reduction="sum"}). */
  boolean summed();
}
