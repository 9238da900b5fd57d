package io.trainyard.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.training.Calculations;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.PredictionEngine;
import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.djl.DjlPredictionEngine;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model that is loaded from its file says what it said at the end of its training. */
class PredictionEngineTest {
  private static final PredictionEngine ENGINE = new DjlPredictionEngine(1);

  @TempDir Path directory;

  static Stream<Trained> models() throws Exception {
    return TrainedModels.all().stream();
  }

  private PredictionEngine.Loaded load(Trained trained) throws Exception {
    trained.write(directory);
    try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
      return ENGINE.load(trained.card().definition(), trained.card().inputShape(), file);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void predictsTheSameToTheBit(Trained trained) throws Exception {
    try (PredictionEngine.Loaded model = load(trained)) {
      for (int again = 0; again < 3; again++) {
        FloatBuffer outputs = model.predict(FloatBuffer.wrap(seen(trained)), trained.rows());
        assertThat(outputs.array()).isEqualTo(trained.y());
      }
    }
  }

  /** The rows as the model sees them. */
  private static float[] seen(Trained trained) {
    FeatureScaling scaling = trained.card().scaling();
    float[] seen = trained.x().clone();
    if (scaling != null) {
      int width = scaling.offset().size();
      for (int i = 0; i < seen.length; i++) {
        seen[i] =
            (seen[i] - scaling.offset().get(i % width).floatValue())
                / scaling.scale().get(i % width).floatValue();
      }
    }
    return seen;
  }

  @Test
  void refusesAFileOfAnotherModel() throws Exception {
    Trained narrow = linear(3);
    linear(4).write(directory);
    try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
      assertThatThrownBy(
              () -> ENGINE.load(narrow.card().definition(), narrow.card().inputShape(), file))
          .isInstanceOf(Calculations.Refused.class)
          .hasMessageContaining("0.weight")
          .hasMessageContaining("[3, 2]");
    }
  }

  private static Trained linear(int outputs) throws Exception {
    return Trained.of(
        "linear",
        "{\"type\": \"Linear\", \"in_features\": 2, \"out_features\": " + outputs + "}",
        List.of(2),
        null);
  }

  @Test
  void needsTheFileNoMoreWhenItIsLoaded() throws Exception {
    Trained trained = linear(3);
    try (PredictionEngine.Loaded model = load(trained)) {
      overwrite(directory.resolve("model.safetensors"));
      assertThat(model.predict(FloatBuffer.wrap(trained.x()), trained.rows()).array())
          .isEqualTo(trained.y());
    }
  }

  private static void overwrite(Path file) throws IOException {
    Files.write(file, new byte[(int) Files.size(file)]);
  }
}
