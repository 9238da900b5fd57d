package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import io.trainyard.training.Epoch;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingPlan;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The same losses, parameters and predictions as torch, job by job. */
class TorchParityTest {
  private static final double RELATIVE = 1e-5;

  /** float32 rounding of sums of terms near 1 leaves this much in numbers near 0. */
  private static final double ABSOLUTE = 2e-6;

  private static final List<String> OUTSIDE = new ArrayList<>();
  private static double worstLoss;
  private static int run;

  record Case(String name, JsonNode job, JsonNode expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void forget() {
    run = 0;
    worstLoss = 0;
  }

  static Stream<Case> supported() throws IOException {
    OUTSIDE.clear();
    return Stream.concat(supported("").stream(), supported("more-").stream());
  }

  private static List<Case> supported(String files) throws IOException {
    JsonNode jobs = resource(files + "cases.json");
    JsonNode results = resource(files + "expected.json").get("cases");
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      String name = jobs.get(i).get("name").stringValue();
      assertThat(results.get(i).get("name").stringValue()).isEqualTo(name);
      if (isSupported(jobs.get(i))) {
        cases.add(new Case(name, jobs.get(i), results.get(i)));
      } else {
        OUTSIDE.add(name);
      }
    }
    return cases;
  }

  private static boolean isSupported(JsonNode job) {
    try {
      Plans.plan(job);
      return true;
    } catch (Problem e) {
      assertThat(e.getMessage()).contains("unknown");
      return false;
    }
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = TorchParityTest.class.getResourceAsStream("/reference/" + name)) {
      return Json.read(in.readAllBytes());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("supported")
  void givesTorchsNumbers(Case c) throws Exception {
    TrainingPlan plan = Plans.plan(c.job());
    Recorder recorder = new Recorder();
    try (TrainedModel model = new DjlTrainingEngine(1).train(plan, recorder)) {
      List<Double> losses = doubles(c.expected().get("train_loss"));
      for (int i = 0; i < losses.size(); i++) {
        double relative = Math.abs(recorder.trainLosses().get(i) / losses.get(i) - 1);
        worstLoss = Math.max(worstLoss, relative);
        assertThat(relative)
            .as("%s: train_loss of epoch %d", c, i + 1)
            .isLessThanOrEqualTo(RELATIVE);
      }
      assertClose(
          "lr", recorder.epochs.stream().map(Epoch::lr).toList(), doubles(c.expected().get("lr")));
      if (c.expected().has("parameters")) {
        Map<String, float[]> parameters = model.parameters();
        assertThat(parameters.keySet())
            .containsExactlyElementsOf(c.expected().get("parameters").propertyNames());
        parameters.forEach(
            (name, values) ->
                assertClose(
                    name, boxed(values), doubles(c.expected().get("parameters").get(name))));
      }
      assertClose(
          "predictions", predictions(plan, model), doubles(c.expected().get("predictions")));
    }
    run++;
  }

  /** The first rows of the same synthetic data, through the trained model. */
  private static List<Double> predictions(TrainingPlan plan, TrainedModel model) {
    float[] inputs = Synthetic.inputs((SyntheticSpec) plan.data(), 4);
    List<Double> outputs = boxed(model.predict(inputs, 4));
    return outputs.subList(0, Math.min(64, outputs.size()));
  }

  private static void assertClose(String what, List<Double> actual, List<Double> expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      double tolerance = ABSOLUTE + RELATIVE * Math.abs(expected.get(i));
      assertThat(Math.abs(actual.get(i) - expected.get(i)))
          .as("%s[%d]: %s for %s", what, i, actual.get(i), expected.get(i))
          .isLessThanOrEqualTo(tolerance);
    }
  }

  private static List<Double> doubles(JsonNode array) {
    List<Double> values = new ArrayList<>();
    array.forEach(item -> values.add(item.doubleValue()));
    return values;
  }

  private static List<Double> boxed(float[] values) {
    List<Double> list = new ArrayList<>();
    for (float value : values) {
      list.add((double) value);
    }
    return list;
  }

  @AfterAll
  static void report() {
    System.out.printf(
        "torch parity: %d cases, worst relative deviation of a loss %.1e; outside the vocabulary: %s%n",
        run, worstLoss, OUTSIDE);
    assertThat(run).isPositive();
  }
}
