package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.training.TrainedModel;
import io.trainyard.training.optimizers.Optimizers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

class OptimizerStepTest {

  static List<String> types() {
    return Optimizers.VOCABULARY.types();
  }

  /** TorchScript drops an update that it takes for dead code, and training goes on unmoved. */
  @ParameterizedTest
  @MethodSource("types")
  void everyElementOfEveryParameterMoves(String type) throws Exception {
    Map<String, float[]> start = train(type, 0.0);
    Map<String, float[]> end = train(type, 0.05);
    assertThat(start.keySet()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
    start.forEach(
        (name, values) -> {
          float[] moved = Objects.requireNonNull(end.get(name));
          for (int i = 0; i < values.length; i++) {
            assertThat(moved[i]).as("%s[%d]", name, i).isNotEqualTo(values[i]);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("types")
  void maximizeGoesTheOtherWay(String type) throws Exception {
    Recorder down = new Recorder();
    Recorder up = new Recorder();
    ObjectNode job = job(type, 0.05);
    new DjlTrainingEngine(1).train(Plans.plan(job), down).close();
    job.withObject("/optimizer").put("maximize", true);
    new DjlTrainingEngine(1).train(Plans.plan(job), up).close();
    assertThat(down.trainLosses().get(3)).isLessThan(down.trainLosses().get(0));
    assertThat(up.trainLosses().get(3)).isGreaterThan(up.trainLosses().get(0));
  }

  private static Map<String, float[]> train(String type, double lr) throws Exception {
    try (TrainedModel model =
        new DjlTrainingEngine(1).train(Plans.plan(job(type, lr)), new Recorder())) {
      return model.parameters();
    }
  }

  private static ObjectNode job(String type, double lr) {
    ObjectNode job = Plans.document();
    job.withArray("/model/layers").set(1, Plans.json("{\"type\": \"Tanh\"}"));
    job.withObject("/optimizer").put("type", type).put("lr", lr);
    return job;
  }
}
