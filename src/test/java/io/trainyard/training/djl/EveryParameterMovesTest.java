package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.models.ModelDefinition;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Errors;
import io.trainyard.training.TrainedModel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** TorchScript drops an update that it takes for dead code, and training goes on unmoved. */
class EveryParameterMovesTest {
  private static final Set<String> WITHOUT_PARAMETERS =
      Set.copyOf(
          List.of(
              """
              MaxPool1d MaxPool2d AvgPool1d AvgPool2d AdaptiveAvgPool2d Dropout Flatten Unflatten
              Identity ReLU LeakyReLU Tanh Sigmoid Softmax LogSoftmax ELU SELU GELU SiLU Mish
              Softplus Softsign Hardtanh Hardswish ReLU6\
              """
                  .split("\\s+")));

  static List<String> layers() {
    return List.of(
        "{\"type\": \"Linear\", \"in_features\": 8, \"out_features\": 8}",
        "{\"type\": \"Conv1d\", \"in_channels\": 2, \"out_channels\": 3, \"kernel_size\": 3}",
        "{\"type\": \"Conv2d\", \"in_channels\": 2, \"out_channels\": 3, \"kernel_size\": 3}",
        "{\"type\": \"Conv2d\", \"in_channels\": 1, \"out_channels\": 3, \"kernel_size\": 3}",
        "{\"type\": \"BatchNorm1d\", \"num_features\": 2}",
        "{\"type\": \"BatchNorm2d\", \"num_features\": 2}",
        "{\"type\": \"LayerNorm\", \"normalized_shape\": [8]}",
        "{\"type\": \"PReLU\", \"num_parameters\": 2}",
        """
        {"type": "Custom", "parameters": {"g": [8], "b": [2, 8]}, "forward": "x * g + b"}\
        """);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void ofALayer(String layer) throws Exception {
    JsonNode read = Plans.json(layer);
    ObjectNode job = job(read);
    Map<String, float[]> start = train(job, 0);
    Map<String, float[]> end = train(job, 0.5);
    Set<String> learned = learned(job.get("model"));
    assertThat(start.keySet()).containsAll(learned);
    assertThat(learned).hasSizeGreaterThan(2);
    for (String name : learned) {
      float[] before = Objects.requireNonNull(start.get(name));
      float[] after = Objects.requireNonNull(end.get(name));
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).as("%s[%d]", name, i).isNotEqualTo(before[i]);
      }
    }
  }

  @Test
  void everyLayerIsTriedOrHasNoParameters() {
    Set<String> known = new HashSet<>(WITHOUT_PARAMETERS);
    layers().forEach(layer -> known.add(Plans.json(layer).get("type").stringValue()));
    assertThat(known).containsAll(Layers.VOCABULARY.types());
  }

  private static Set<String> learned(JsonNode model) {
    Errors errors = new Errors();
    ModelDefinition read = Objects.requireNonNull(ModelDefinition.read(model, "", errors));
    Set<String> names = new HashSet<>();
    for (int i = 0; i < read.layers().size(); i++) {
      int place = i;
      read.layers().get(i).parameters().forEach(p -> names.add(place + "." + p.name()));
    }
    return names;
  }

  /** The layer between random numbers and a linear layer that is not flat anywhere. */
  static ObjectNode job(JsonNode layer) {
    String type = layer.get("type").stringValue();
    boolean image = type.endsWith("2d");
    int channels = layer.has("in_channels") ? layer.get("in_channels").intValue() : 2;
    String input = image ? "[%d, 8, 8]".formatted(channels) : "[%d, 8]".formatted(channels);
    ObjectNode job = Plans.document();
    ArrayNode layers = job.withObject("/model").putArray("layers");
    layers.add(layer);
    layers.add(Plans.json("{\"type\": \"Flatten\"}"));
    int features = features(layer, Plans.json(input));
    layers.add(
        Plans.json(
            "{\"type\": \"Linear\", \"in_features\": %d, \"out_features\": 3}"
                .formatted(features)));
    job.withObject("/dataset").set("input_shape", Plans.json(input));
    job.put("epochs", 2);
    return job;
  }

  private static int features(JsonNode layer, JsonNode input) {
    ObjectNode model = (ObjectNode) Plans.json("{}");
    model.putArray("layers").add(layer);
    model.set("input_shape", input);
    Errors errors = new Errors();
    ModelDefinition read = Objects.requireNonNull(ModelDefinition.read(model, "", errors));
    var summary = Objects.requireNonNull(read.summarize(null, "", errors));
    return Math.toIntExact(Objects.requireNonNull(summary.outputShape()).elements());
  }

  private static Map<String, float[]> train(ObjectNode job, double lr) throws Exception {
    job.withObject("/optimizer").put("lr", lr);
    try (TrainedModel model = new DjlTrainingEngine(1).train(Plans.plan(job), new Recorder())) {
      return model.parameters();
    }
  }
}
