package io.trainyard.models.layers;

import io.trainyard.models.Layer;
import io.trainyard.models.inits.Inits;
import io.trainyard.shared.Vocabulary;

/** The layers that a model can be made of. A new one is added here. */
public final class Layers {
  public static final Vocabulary<Layer> VOCABULARY =
      new Vocabulary<>(
          Inits.schemas(),
          "layer",
          "torch.nn",
          Linear.KIND,
          Convolution.CONV1D,
          Convolution.CONV2D,
          MaxPool.MAX_POOL1D,
          MaxPool.MAX_POOL2D,
          AvgPool.AVG_POOL1D,
          AvgPool.AVG_POOL2D,
          AdaptiveAvgPool2d.KIND,
          BatchNorm.BATCH_NORM1D,
          BatchNorm.BATCH_NORM2D,
          LayerNorm.KIND,
          Dropout.KIND,
          Flatten.KIND,
          Unflatten.KIND,
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
          ReLU6.KIND,
          Custom.KIND);

  private Layers() {}
}
