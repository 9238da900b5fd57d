package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/** Which rows a job validates on. */
public final class TorchSplit {
  private TorchSplit() {}

  public static long[] validation(long seed, long rows, double fraction) {
    try (PtNDManager cpu = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu())) {
      JniUtils.setSeed(seed);
      return new Split(TrainingData.permutation(cpu, rows), fraction).validation();
    }
  }
}
