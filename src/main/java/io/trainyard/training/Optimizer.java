package io.trainyard.training;

/** A torch optimizer as data. Its script is for the engine to design: see {@code training.djl}. */
public interface Optimizer {
  double lr();
}
