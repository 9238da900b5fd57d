package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The compiled forward of each layer beside DJL's own block or operator. */
class LayerForwardTest {
  private PtNDManager manager;
  private NDArray x;

  @BeforeEach
  void drawInput() {
    manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    JniUtils.setSeed(3);
    x = manager.randomNormal(0, 2, new Shape(5, 4), DataType.FLOAT32);
  }

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void linearIsDjlsLinear() {
    Weights weights =
        Forward.weights(
            manager, Forward.layer("Linear", "\"in_features\": 4, \"out_features\": 3"));
    Linear block = Linear.builder().setUnits(3).build();
    block.setInitializer(
        (m, shape, type) -> weights.byName().get(shape.dimension() == 2 ? "0.weight" : "0.bias"),
        p -> true);
    Forward.assertSame(
        Forward.run(
            manager,
            Forward.layer("Linear", "\"in_features\": 4, \"out_features\": 3"),
            weights,
            x),
        forward(block));
  }

  @Test
  void activationsAreDjls() {
    assertLayer("ReLU", "", v -> forward(Activation.reluBlock()));
    assertLayer("Tanh", "", v -> forward(Activation.tanhBlock()));
    assertLayer("Sigmoid", "", v -> forward(Activation.sigmoidBlock()));
    assertLayer(
        "LeakyReLU", "\"negative_slope\": 0.2", v -> forward(Activation.leakyReluBlock(0.2f)));
    assertLayer("Identity", "", v -> v);
    assertLayer("Softmax", "\"dim\": 1", v -> v.softmax(1));
    assertLayer("Softmax", "\"dim\": -1", v -> v.softmax(-1));
  }

  @Test
  void smoothActivationsAreDjls() {
    assertLayer("ELU", "\"alpha\": 0.7", v -> forward(Activation.eluBlock(0.7f)));
    assertLayer("SELU", "", v -> forward(Activation.seluBlock()));
    assertLayer("GELU", "", v -> forward(Activation.geluBlock()));
    assertLayer("SiLU", "", v -> forward(Activation.swishBlock(1)));
    assertLayer("Softplus", "", v -> forward(Activation.softPlusBlock()));
    assertLayer("Softsign", "", v -> forward(Activation.softSignBlock()));
    assertLayer("ReLU6", "", v -> forward(Activation.relu6Block()));
    assertLayer("LogSoftmax", "\"dim\": 1", v -> v.logSoftmax(1));
    assertLayer("Hardtanh", "\"min_val\": -0.5, \"max_val\": 2", v -> v.clip(-0.5, 2));
    assertLayer("Hardswish", "", v -> v.mul(v.add(3).clip(0, 6)).div(6));
    // DJL's mish takes a logarithm to base 2.
    assertLayer("Mish", "", v -> v.mul(v.exp().add(1).log().tanh()));
    assertLayer("GELU", "\"approximate\": \"tanh\"", LayerForwardTest::geluByTanh);
    assertLayer("Softplus", "\"beta\": 2", v -> v.mul(2).exp().add(1).log().div(2));
  }

  private static NDArray geluByTanh(NDArray v) {
    NDArray inner = v.add(v.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
    return v.mul(0.5).mul(inner.tanh().add(1));
  }

  @Test
  void preluScalesTheNegativeByItsWeights() {
    assertLayer("PReLU", "", v -> v.maximum(0).add(v.minimum(0).mul(0.25)));
    assertLayer(
        "PReLU",
        "\"num_parameters\": 4, \"init\": 0.5",
        v -> v.maximum(0).add(v.minimum(0).mul(0.5)));
  }

  @Test
  void dropoutIsNothingInEvaluation() {
    assertLayer("Dropout", "\"p\": 0.9", v -> v);
  }

  @Test
  void flattenKeepsTheBatch() {
    x = x.reshape(5, 2, 1, 2);
    assertLayer("Flatten", "", v -> v.reshape(5, 4));
    assertLayer("Flatten", "\"start_dim\": 2", v -> v.reshape(5, 2, 2));
    assertLayer("Flatten", "\"start_dim\": 1, \"end_dim\": -2", v -> v.reshape(5, 2, 2));
  }

  private void assertLayer(String type, String arguments, UnaryOperator<NDArray> djl) {
    String layer = Forward.layer(type, arguments);
    Forward.assertSame(
        Forward.run(manager, layer, Forward.weights(manager, layer), x), djl.apply(x));
  }

  private NDArray forward(Block block) {
    block.initialize(manager, DataType.FLOAT32, x.getShape());
    return block
        .forward(new ParameterStore(manager, false), new NDList(x), false)
        .singletonOrThrow();
  }
}
