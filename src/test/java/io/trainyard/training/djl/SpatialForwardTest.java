package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Objects;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The compiled forward of the layers over channels beside DJL's operators. */
class SpatialForwardTest {
  private PtNDManager manager;
  private NDArray image;
  private NDArray series;

  /** A layer's outputs from its input and its arrays. */
  private interface Expected extends BiFunction<NDArray, Weights, NDArray> {}

  @BeforeEach
  void drawInput() {
    manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    JniUtils.setSeed(3);
    image = manager.randomNormal(0, 2, new Shape(3, 4, 7, 6), DataType.FLOAT32);
    series = manager.randomNormal(0, 2, new Shape(3, 4, 9), DataType.FLOAT32);
  }

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void convolutionsAreDjls() {
    assertLayer(
        "Conv2d",
        "\"in_channels\": 4, \"out_channels\": 6, \"kernel_size\": [3, 2], \"stride\": [2, 1],"
            + "\"padding\": [1, 2], \"dilation\": [1, 2], \"groups\": 2",
        image,
        (x, w) ->
            Conv2d.conv2d(
                    x, weight(w), bias(w), new Shape(2, 1), new Shape(1, 2), new Shape(1, 2), 2)
                .singletonOrThrow());
    assertLayer(
        "Conv1d",
        "\"in_channels\": 4, \"out_channels\": 5, \"kernel_size\": 3, \"stride\": 2, \"padding\": [1]",
        series,
        (x, w) ->
            Conv1d.conv1d(x, weight(w), bias(w), new Shape(2), new Shape(1)).singletonOrThrow());
  }

  @Test
  void paddingCanBeAWord() {
    String rest = ", \"in_channels\": 4, \"out_channels\": 2, \"kernel_size\": [3, 4]";
    assertLayer(
        "Conv2d",
        "\"padding\": \"same\"" + rest,
        image,
        // An even kernel has one zero more behind than before.
        (x, w) -> {
          NDArray zeros = x.getManager().zeros(new Shape(3, 4, 7, 1));
          return Conv2d.conv2d(
                  x.concat(zeros, 3), weight(w), bias(w), new Shape(1, 1), new Shape(1, 1))
              .singletonOrThrow();
        });
    assertLayer(
        "Conv2d",
        "\"padding\": \"valid\"" + rest,
        image,
        (x, w) -> Conv2d.conv2d(x, weight(w), bias(w)).singletonOrThrow());
  }

  @Test
  void maximaAreDjls() {
    assertLayer(
        "MaxPool2d",
        "\"kernel_size\": [3, 2], \"stride\": 2, \"padding\": [1, 0], \"ceil_mode\": true",
        image,
        (x, w) -> Pool.maxPool2d(x, new Shape(3, 2), new Shape(2, 2), new Shape(1, 0), true));
    assertLayer(
        "MaxPool1d",
        "\"kernel_size\": 2",
        series,
        (x, w) -> Pool.maxPool1d(x, new Shape(2), new Shape(2), new Shape(0), false));
    assertLayer(
        "MaxPool1d",
        "\"kernel_size\": 2, \"stride\": 1, \"dilation\": 3",
        series,
        (x, w) -> x.get(":, :, :6").maximum(x.get(":, :, 3:")));
  }

  @Test
  void meansAreDjls() {
    assertLayer(
        "AvgPool2d",
        "\"kernel_size\": [2, 3], \"stride\": [2, 2], \"ceil_mode\": true",
        image,
        (x, w) -> Pool.avgPool2d(x, new Shape(2, 3), new Shape(2, 2), new Shape(0, 0), true, true));
    assertLayer(
        "AvgPool2d",
        "\"kernel_size\": 2, \"divisor_override\": 3",
        image,
        (x, w) ->
            Pool.avgPool2d(x, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false, true)
                .mul(4f / 3));
    assertLayer("AvgPool1d", "\"kernel_size\": 4, \"stride\": 3", series, (x, w) -> means(x, 3));
  }

  /** DJL's means are not torch's with padding and ceil_mode, so here its input has the zeros. */
  @Test
  void paddingCountsInMeansOrNot() {
    NDArray sides = manager.zeros(new Shape(3, 4, 2));
    NDArray padded = sides.concat(series, 2).concat(sides, 2);
    NDArray present = sides.concat(series.onesLike(), 2).concat(sides, 2);
    String arguments = "\"kernel_size\": 4, \"padding\": 2";
    assertLayer("AvgPool1d", arguments, series, (x, w) -> means(padded, 4));
    assertLayer(
        "AvgPool1d",
        arguments + ", \"count_include_pad\": false",
        series,
        (x, w) -> means(padded, 4).div(means(present, 4)));
    NDArray rows = manager.zeros(new Shape(3, 4, 1, 6));
    NDArray framed = rows.concat(image, 2).concat(rows, 2);
    NDArray inside = rows.concat(image.onesLike(), 2).concat(rows, 2);
    String along = "\"kernel_size\": [2, 1], \"stride\": 1, \"padding\": [1, 0]";
    assertLayer("AvgPool2d", along, image, (x, w) -> meansOfTwoRows(framed));
    assertLayer(
        "AvgPool2d",
        along + ", \"count_include_pad\": false",
        image,
        (x, w) -> meansOfTwoRows(framed).div(meansOfTwoRows(inside)));
  }

  @Test
  void meansWithPaddingAndCeilModeAreTorchs() {
    NDArray input = manager.arange(42f).reshape(1, 1, 7, 6);
    String arguments =
        "\"kernel_size\": [2, 3], \"stride\": 2, \"padding\": 1, \"ceil_mode\": true";
    float[] counted = {
      1 / 6f, 1, 2, 1.25f, 19 / 3f, 11, 13, 7, 43 / 3f, 23, 25, 13, 67 / 3f, 35, 37, 19
    };
    float[] alone = {0.5f, 2, 4, 5, 9.5f, 11, 13, 14, 21.5f, 23, 25, 26, 33.5f, 35, 37, 38};
    Shape shape = new Shape(1, 1, 4, 4);
    assertLayer("AvgPool2d", arguments, input, (x, w) -> manager.create(counted, shape));
    assertLayer(
        "AvgPool2d",
        arguments + ", \"count_include_pad\": false",
        input,
        (x, w) -> manager.create(alone, shape));
  }

  private static NDArray means(NDArray x, int stride) {
    return Pool.avgPool1d(x, new Shape(4), new Shape(stride), new Shape(0), false, true);
  }

  private static NDArray meansOfTwoRows(NDArray x) {
    return Pool.avgPool2d(x, new Shape(2, 1), new Shape(1, 1), new Shape(0, 0), false, true);
  }

  @Test
  void adaptiveMeansCoverTheInput() {
    assertLayer(
        "AdaptiveAvgPool2d",
        "\"output_size\": 1",
        image,
        (x, w) -> x.mean(new int[] {2}, true).mean(new int[] {3}, true));
    assertLayer(
        "AdaptiveAvgPool2d",
        "\"output_size\": [7, 3]",
        image,
        (x, w) ->
            Pool.avgPool2d(x, new Shape(1, 2), new Shape(1, 2), new Shape(0, 0), false, true));
  }

  @Test
  void evaluationNormalisesByRunningStatistics() {
    String layer = Forward.layer("BatchNorm2d", "\"num_features\": 4, \"eps\": 0.01");
    Weights weights = Forward.weights(manager, layer);
    array(weights, "weight").set(new float[] {1, 2, 3, 4});
    array(weights, "bias").set(new float[] {0, 1, 0, -1});
    array(weights, "running_mean").set(new float[] {0.5f, 0, -1, 2});
    array(weights, "running_var").set(new float[] {1, 4, 0.25f, 9});
    Forward.assertSame(
        Forward.run(manager, layer, weights, image),
        BatchNorm.batchNorm(
                image,
                array(weights, "running_mean"),
                array(weights, "running_var"),
                weight(weights),
                bias(weights),
                1,
                0.9f,
                0.01f,
                false)
            .singletonOrThrow());
  }

  @Test
  void withoutRunningStatisticsEvaluationTakesTheBatchs() {
    assertLayer(
        "BatchNorm1d",
        "\"num_features\": 4, \"track_running_stats\": false, \"affine\": false",
        series,
        (x, w) -> {
          NDArray centred = x.sub(overBatch(x));
          NDArray variance = overBatch(centred.pow(2));
          return centred.div(variance.add(1e-5).sqrt());
        });
  }

  private static NDArray overBatch(NDArray x) {
    return x.mean(new int[] {0}, true).mean(new int[] {2}, true);
  }

  @Test
  void layerNormIsDjls() {
    assertLayer(
        "LayerNorm",
        "\"normalized_shape\": [7, 6], \"eps\": 0.1",
        image,
        (x, w) ->
            LayerNorm.layerNorm(x, new Shape(7, 6), weight(w), bias(w), 0.1f).singletonOrThrow());
    for (String flag : new String[] {"elementwise_affine", "bias"}) {
      assertLayer(
          "LayerNorm",
          "\"normalized_shape\": 9, \"" + flag + "\": false",
          series,
          (x, w) ->
              LayerNorm.layerNorm(
                      x,
                      new Shape(9),
                      manager.ones(new Shape(9)),
                      manager.zeros(new Shape(9)),
                      1e-5f)
                  .singletonOrThrow());
    }
  }

  @Test
  void unflattenReshapesOneDimension() {
    assertLayer(
        "Unflatten",
        "\"dim\": 1, \"unflattened_size\": [2, -1]",
        image,
        (x, w) -> x.reshape(3, 2, 2, 7, 6));
    assertLayer(
        "Unflatten",
        "\"dim\": -1, \"unflattened_size\": [3, 3]",
        series,
        (x, w) -> x.reshape(3, 4, 3, 3));
  }

  private void assertLayer(String type, String arguments, NDArray input, Expected djl) {
    String layer = Forward.layer(type, arguments);
    Weights weights = Forward.weights(manager, layer);
    Forward.assertSame(Forward.run(manager, layer, weights, input), djl.apply(input, weights));
  }

  private static NDArray weight(Weights weights) {
    return array(weights, "weight");
  }

  private static NDArray bias(Weights weights) {
    return array(weights, "bias");
  }

  private static NDArray array(Weights weights, String name) {
    return Objects.requireNonNull(weights.byName().get("0." + name));
  }
}
