package io.trainyard.training;

/**
 * A state to go on from. Parameters and buffers have to fit the plan's model.
 *
 * @param arrays what {@link Checkpoint#write} wrote
 * @param optimizer what becomes of the optimizer's states
 */
public record SavedTraining(TrainingProgress progress, SafetensorsFile arrays, States optimizer) {

  /** Whether an optimizer goes on or begins anew. */
  public enum States {
    /** It is the same training: they have to fit. */
    REQUIRED,
    /** If one does not fit, all begin anew. */
    IF_FITTING,
    NONE
  }
}
