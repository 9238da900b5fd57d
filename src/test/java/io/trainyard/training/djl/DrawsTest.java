package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.models.Layer;
import io.trainyard.models.layers.Layers;
import io.trainyard.shared.Errors;
import io.trainyard.training.TrainedModel;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A layer that draws from torch's generator says so; otherwise no training with it resumes. */
class DrawsTest {

  static Stream<String> layers() {
    Stream<String> withoutArguments =
        Layers.VOCABULARY.types().stream()
            .filter(DrawsTest::needsNoArguments)
            .map(type -> "{\"type\": \"" + type + "\"}");
    return Stream.concat(withoutArguments, EveryParameterMovesTest.layers().stream());
  }

  private static boolean needsNoArguments(String type) {
    return Layers.VOCABULARY.read(Plans.json("{\"type\": \"" + type + "\"}"), "", new Errors())
        != null;
  }

  @ParameterizedTest
  @MethodSource("layers")
  void ifItSaysSo(String layer) throws Exception {
    Layer read =
        Objects.requireNonNull(Layers.VOCABULARY.read(Plans.json(layer), "", new Errors()));
    ObjectNode one = job(layer, 1);
    ObjectNode three = job(layer, 3);

    assertThat(afterwards(one).equals(afterwards(three))).isEqualTo(!read.draws());
  }

  /** Numbers that the generator gives after a training. */
  private static List<Float> afterwards(ObjectNode job) throws Exception {
    try (TrainedModel model = new DjlTrainingEngine(1).train(Plans.plan(job), new Recorder());
        PtNDManager manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu())) {
      assertThat(model.result().epochs()).isPositive();
      float[] drawn =
          JniUtils.uniform(
                  manager,
                  0,
                  1,
                  new ai.djl.ndarray.types.Shape(2),
                  ai.djl.ndarray.types.DataType.FLOAT32,
                  Device.cpu())
              .toFloatArray();
      return List.of(drawn[0], drawn[1]);
    }
  }

  private static ObjectNode job(String layer, int epochs) {
    ObjectNode job = EveryParameterMovesTest.job(Plans.json(layer));
    ArrayNode layers = job.withArray("/model/layers");
    assertThat(layers.size()).isEqualTo(3);
    job.put("epochs", epochs).put("shuffle", false);
    return job;
  }
}
