package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.shared.Vocabulary;

/** The layers that a model can be made of. A new one is added here. */
public final class Layers {
  public static final Vocabulary<Layer> VOCABULARY =
      new Vocabulary<>(
          "layer",
          Linear.KIND,
          Dropout.KIND,
          Flatten.KIND,
          Identity.KIND,
          ReLU.KIND,
          PReLU.KIND,
          LeakyReLU.KIND,
          Tanh.KIND,
          Sigmoid.KIND,
          Softmax.KIND,
          LogSoftmax.KIND,
          ELU.KIND,
          SELU.KIND,
          GELU.KIND,
          SiLU.KIND,
          Mish.KIND,
          Softplus.KIND,
          Softsign.KIND,
          Hardtanh.KIND,
          Hardswish.KIND,
          ReLU6.KIND);

  private Layers() {}
}
