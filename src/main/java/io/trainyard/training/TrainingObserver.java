package io.trainyard.training;

/** Follows a training and can end it. Called on the training's thread: must not block. */
public interface TrainingObserver {

  /** What the training is to do next; asked between scripted calls, so every few ten ms. */
  enum Command {
    CONTINUE,
    PAUSE,
    CANCEL
  }

  /** The data and the model are in place on {@code device} ("cpu", "cuda:0"). */
  void started(String device);

  /** Within an epoch: {@code fraction} of its steps are done. */
  void progress(int epoch, double fraction);

  void epoch(Epoch epoch);

  Command command();
}
