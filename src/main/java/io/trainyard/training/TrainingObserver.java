package io.trainyard.training;

/** Follows a training and can end it. Called on the training's thread: must not block. */
public interface TrainingObserver {

  /** What the training is to do next; asked between scripted calls, so every few ten ms. */
  enum Command {
    CONTINUE,
    /** Give a checkpoint when the present epoch ends. */
    CHECKPOINT,
    /** Give a checkpoint now, within the epoch, and end. */
    PAUSE,
    CANCEL
  }

  /** The data and the model are in place on {@code device} ("cpu", "cuda:0"). */
  void started(String device);

  /** Within an epoch: {@code fraction} of its steps are done. */
  void progress(int epoch, double fraction);

  void epoch(Epoch epoch);

  /**
   * Takes a checkpoint: one that the plan asks for, or that a command did. There is none while a
   * parameter is not finite, and none of a state that was given or begun with.
   *
   * @param checkpoint to be closed by whoever takes it
   */
  default void checkpoint(Checkpoint checkpoint) {
    checkpoint.close();
  }

  Command command();
}
