package io.trainyard.training.djl;

import io.trainyard.training.Epoch;
import io.trainyard.training.TrainingObserver;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a training tells, and lets it go on. */
public class Recorder implements TrainingObserver {
  public final List<Epoch> epochs = new ArrayList<>();
  final List<Double> progress = new ArrayList<>();
  String device = "";

  @Override
  public void started(String device) {
    this.device = device;
  }

  @Override
  public void progress(int epoch, double fraction) {
    progress.add(fraction);
  }

  @Override
  public void epoch(Epoch epoch) {
    epochs.add(epoch);
  }

  @Override
  public Command command() {
    return Command.CONTINUE;
  }

  List<Double> trainLosses() {
    return epochs.stream().map(Epoch::trainLoss).toList();
  }
}
