package io.trainyard.exports;

import io.trainyard.training.FeatureScaling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Trained models of every layer, made once for all tests of formats. */
final class TrainedModels {
  private static @Nullable List<Trained> all;

  private TrainedModels() {}

  /** Layers with the shape of their inputs before them; a Linear in front makes them trainable. */
  private static final List<String> VECTORS =
      List.of(
          "{'type': 'ReLU'}",
          "{'type': 'PReLU'}",
          "{'type': 'PReLU', 'num_parameters': 6, 'init': 0.4}",
          "{'type': 'LeakyReLU', 'negative_slope': 0.3}",
          "{'type': 'Tanh'}",
          "{'type': 'Sigmoid'}",
          "{'type': 'Softmax', 'dim': 1}",
          "{'type': 'Softmax', 'dim': 0}",
          "{'type': 'LogSoftmax', 'dim': -1}",
          "{'type': 'ELU', 'alpha': 0.7}",
          "{'type': 'SELU'}",
          "{'type': 'GELU'}",
          "{'type': 'GELU', 'approximate': 'tanh'}",
          "{'type': 'SiLU'}",
          "{'type': 'Mish'}",
          "{'type': 'Softplus'}",
          "{'type': 'Softplus', 'beta': 3, 'threshold': 1.5}",
          "{'type': 'Softplus', 'beta': -0.5}",
          "{'type': 'Softsign'}",
          "{'type': 'Hardtanh', 'min_val': -0.3, 'max_val': 0.6}",
          "{'type': 'Hardswish'}",
          "{'type': 'ReLU6'}",
          "{'type': 'Identity'}",
          "{'type': 'Dropout', 'p': 0.4}",
          "{'type': 'BatchNorm1d', 'num_features': 6}",
          "{'type': 'BatchNorm1d', 'num_features': 6, 'momentum': null, 'eps': 0.01}",
          "{'type': 'BatchNorm1d', 'num_features': 6, 'affine': false}",
          "{'type': 'BatchNorm1d', 'num_features': 6, 'track_running_stats': false}",
          "{'type': 'LayerNorm', 'normalized_shape': 6}",
          "{'type': 'LayerNorm', 'normalized_shape': [6], 'bias': false}",
          "{'type': 'LayerNorm', 'normalized_shape': [6], 'elementwise_affine': false, 'eps': 0.1}",
          "{'type': 'Linear', 'in_features': 6, 'out_features': 3, 'bias': false}",
          "{'type': 'Unflatten', 'dim': 1, 'unflattened_size': [2, -1]}, {'type': 'Linear', 'in_features': 3, 'out_features': 2}, {'type': 'Flatten'}",
          "{'type': 'Unflatten', 'dim': 1, 'unflattened_size': [2, 3]}, {'type': 'LayerNorm', 'normalized_shape': [2, 3]}",
          "{'type': 'Custom', 'parameters': {'w': [6, 4], 'b': [4]}, 'forward': 'torch.tanh(x @ w + b)'}",
          "{'type': 'Custom', 'forward': 'x.sign() * x.abs().sqrt()', 'backward': {'x': 'grad_output'}}",
          "{'type': 'Custom', 'forward': '(x - x.mean(0)) / (x.var(0) + 0.1).sqrt()'}",
          "{'type': 'Custom', 'forward': 'x / x.size(0) + x.numel() * 0.001'}",
          "{'type': 'Custom', 'forward': 'x.view(x.size(0), -1, 2).flatten(1) + x.mean(1, keepdim=True).expand(x.size(0), 6)'}",
          "{'type': 'Custom', 'parameters': {'c': [1, 6]}, 'forward': 'c.expand_as(x) * x[:, :6] + x.norm(dim=1, keepdim=True)'}",
          "{'type': 'Custom', 'forward': 'torch.cat([x, x.std(0).expand(x.size(0), -1)], 1)'}",
          "{'type': 'Custom', 'parameters': {'training': [6], 'while': [6]}, 'forward': 'x * training + while'}");

  private static final List<String> SEQUENCES =
      List.of(
          "{'type': 'Conv1d', 'in_channels': 4, 'out_channels': 6, 'kernel_size': 3, 'stride': 2, 'padding': 1, 'groups': 2}",
          "{'type': 'Conv1d', 'in_channels': 4, 'out_channels': 3, 'kernel_size': 4, 'padding': 'same', 'dilation': 2}",
          "{'type': 'Conv1d', 'in_channels': 4, 'out_channels': 3, 'kernel_size': 3, 'padding': 2, 'padding_mode': 'circular'}",
          "{'type': 'MaxPool1d', 'kernel_size': 3, 'stride': 2, 'padding': 1}",
          "{'type': 'MaxPool1d', 'kernel_size': 2, 'stride': 4, 'dilation': 3, 'ceil_mode': true}",
          "{'type': 'AvgPool1d', 'kernel_size': 3, 'stride': 2, 'padding': 1}",
          "{'type': 'AvgPool1d', 'kernel_size': 3, 'stride': 3, 'padding': 1, 'ceil_mode': true, 'count_include_pad': false}",
          "{'type': 'BatchNorm1d', 'num_features': 4}",
          "{'type': 'BatchNorm1d', 'num_features': 4, 'track_running_stats': false}",
          "{'type': 'PReLU', 'num_parameters': 4}",
          "{'type': 'Flatten', 'start_dim': 1, 'end_dim': 2}",
          "{'type': 'Linear', 'in_features': 10, 'out_features': 2}");

  private static final List<String> IMAGES =
      List.of(
          "{'type': 'Conv2d', 'in_channels': 2, 'out_channels': 4, 'kernel_size': [3, 2], 'stride': [1, 2], 'padding': [1, 0]}",
          "{'type': 'Conv2d', 'in_channels': 2, 'out_channels': 4, 'kernel_size': [2, 3], 'padding': 'same', 'bias': false}",
          "{'type': 'Conv2d', 'in_channels': 2, 'out_channels': 2, 'kernel_size': 3, 'padding': [1, 2], 'padding_mode': 'reflect', 'groups': 2}",
          "{'type': 'Conv2d', 'in_channels': 2, 'out_channels': 3, 'kernel_size': 3, 'padding': 1, 'padding_mode': 'replicate'}",
          "{'type': 'Conv2d', 'in_channels': 2, 'out_channels': 3, 'kernel_size': [2, 4], 'padding': 'same', 'padding_mode': 'circular'}",
          "{'type': 'MaxPool2d', 'kernel_size': 2}",
          "{'type': 'MaxPool2d', 'kernel_size': 3, 'stride': 2, 'padding': 1, 'ceil_mode': true}",
          "{'type': 'AvgPool2d', 'kernel_size': [3, 2], 'stride': 2, 'padding': [1, 1]}",
          "{'type': 'AvgPool2d', 'kernel_size': 3, 'stride': 2, 'padding': 1, 'ceil_mode': true}",
          "{'type': 'AvgPool2d', 'kernel_size': 2, 'stride': 2, 'divisor_override': 3, 'ceil_mode': true}",
          "{'type': 'AvgPool2d', 'kernel_size': 2, 'padding': 1, 'divisor_override': -3}",
          "{'type': 'AdaptiveAvgPool2d', 'output_size': [2, 4]}",
          "{'type': 'AdaptiveAvgPool2d', 'output_size': 1}, {'type': 'Flatten'}",
          "{'type': 'AdaptiveAvgPool2d', 'output_size': [7, 3]}",
          "{'type': 'BatchNorm2d', 'num_features': 2}, {'type': 'ReLU'}",
          "{'type': 'BatchNorm2d', 'num_features': 2, 'affine': false, 'track_running_stats': false}",
          "{'type': 'PReLU', 'num_parameters': 2}",
          "{'type': 'LayerNorm', 'normalized_shape': [5, 6]}",
          "{'type': 'Softmax', 'dim': 2}",
          "{'type': 'Flatten', 'start_dim': 2}");

  static synchronized List<Trained> all() throws Exception {
    if (all == null) {
      List<Trained> models = new ArrayList<>();
      add(models, VECTORS, "{'type': 'Linear', 'in_features': 4, 'out_features': 6}", List.of(4));
      add(
          models,
          SEQUENCES,
          "{'type': 'Conv1d', 'in_channels': 2, 'out_channels': 4, 'kernel_size': 1}",
          List.of(2, 10));
      add(
          models,
          IMAGES,
          "{'type': 'Conv2d', 'in_channels': 1, 'out_channels': 2, 'kernel_size': 1}",
          List.of(1, 5, 6));
      List<Double> offset = List.of(0.5, -0.25, 3.0, 0.0);
      List<Double> scale = List.of(2.0, 0.3, 1.0, 5.5);
      models.add(
          Trained.of(
              "scaled",
              quoted("{'type': 'Linear', 'in_features': 4, 'out_features': 6}, {'type': 'Tanh'}"),
              List.of(4),
              new FeatureScaling(offset, scale)));
      models.add(
          Trained.of(
              "scaled image",
              quoted(
                  "{'type': 'Conv2d', 'in_channels': 1, 'out_channels': 3, 'kernel_size': 2}, {'type': 'Flatten'}"),
              List.of(1, 2, 2),
              new FeatureScaling(offset, scale)));
      all = Collections.unmodifiableList(models);
    }
    return all;
  }

  private static void add(
      List<Trained> models, List<String> layers, String first, List<Integer> input)
      throws Exception {
    for (String layer : layers) {
      String name = "%02d %s".formatted(models.size(), layer.replaceAll("[^A-Za-z0-9]+", " "));
      name = name.substring(0, Math.min(80, name.length())).strip();
      models.add(Trained.of(name, quoted(first + ", " + layer), input, null));
    }
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }
}
