package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.datasets.SyntheticSpec;
import java.util.Arrays;

/** The rows of synthetic data, drawn apart from the engine's own loading. */
final class Synthetic {
  private Synthetic() {}

  /** The first rows' inputs: manual_seed(seed), randn(samples, *input). */
  static float[] inputs(SyntheticSpec spec, int rows) {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      JniUtils.setSeed(spec.seed());
      float[] all =
          manager.randomNormal(Tensors.batch(spec.samples(), spec.input())).toFloatArray();
      return Arrays.copyOf(all, Math.toIntExact(rows * spec.input().elements()));
    }
  }
}
