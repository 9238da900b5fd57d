package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.shared.Json;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The same losses, parameters and predictions as torch, job by job. */
class TorchParityTest {
  private static final double RELATIVE = 1e-5;

  /** float32 rounding of sums of terms near 1 leaves this much in numbers near 0. */
  private static final double ABSOLUTE = 2e-6;

  /** And this much in small numbers that are sums of large terms, as the largest tells. */
  private static final double OF_LARGEST = 1e-6;

  private static ParityTable table = new ParityTable();
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
    table = new ParityTable();
  }

  /** The jobs of the reference, and some more by the same program. */
  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String files : List.of("/reference/", "/reference/more-", "/custom/")) {
      JsonNode jobs = resource(files + "cases.json");
      JsonNode results = resource(files + "expected.json").get("cases");
      assertThat(results).hasSize(jobs.size());
      for (int i = 0; i < jobs.size(); i++) {
        String name = jobs.get(i).get("name").stringValue();
        assertThat(results.get(i).get("name").stringValue()).isEqualTo(name);
        cases.add(new Case(name, jobs.get(i), results.get(i)));
      }
    }
    return cases.stream();
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in = TorchParityTest.class.getResourceAsStream(name)) {
      return Json.read(in.readAllBytes());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void givesTorchsNumbers(Case c) throws Exception {
    TrainingPlan plan = Plans.plan(c.job());
    Recorder recorder = new Recorder();
    try (TrainedModel model = new DjlTrainingEngine(1).train(plan, recorder)) {
      List<Double> losses = doubles(c.expected().get("train_loss"));
      for (int i = 0; i < losses.size(); i++) {
        double relative = Math.abs(recorder.trainLosses().get(i) / losses.get(i) - 1);
        assertThat(relative)
            .as("%s: train_loss of epoch %d", c, i + 1)
            .isLessThanOrEqualTo(RELATIVE);
      }
      table.addEach(c.name(), "train_loss", recorder.trainLosses(), losses);
      List<Double> lr = doubles(c.expected().get("lr"));
      List<Double> rates = recorder.epochs.stream().map(Epoch::lr).toList();
      assertClose("lr", rates, lr);
      table.addEach(c.name(), "lr", rates, lr);
      if (c.expected().has("parameters")) {
        Map<String, float[]> parameters = model.parameters();
        assertThat(parameters.keySet())
            .containsExactlyElementsOf(c.expected().get("parameters").propertyNames());
        parameters.forEach(
            (name, values) -> {
              List<Double> torch = doubles(c.expected().get("parameters").get(name));
              assertClose(name, boxed(values), torch);
              table.add(c.name(), "parameters", boxed(values), torch);
            });
      }
      List<Double> outputs = doubles(c.expected().get("predictions"));
      List<Double> predicted = predictions(plan, model);
      assertClose("predictions", predicted, outputs);
      table.add(c.name(), "predictions", predicted, outputs);
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
    double largest = expected.stream().mapToDouble(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.size(); i++) {
      double tolerance = ABSOLUTE + RELATIVE * Math.abs(expected.get(i)) + OF_LARGEST * largest;
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

  @Test
  void theTableHasEveryCase() throws IOException {
    if (!Boolean.getBoolean(ParityTable.WRITE)) {
      assertThat(ParityTable.written()).containsExactlyElementsOf(cases().map(Case::name).toList());
    }
  }

  @AfterAll
  static void report() throws IOException {
    System.out.printf("torch parity: %d cases; the worst:%n%s%n", run, table.worst(5));
    assertThat(run).isPositive();
    if (Boolean.getBoolean(ParityTable.WRITE)) {
      table.write(resource("/reference/expected.json").get("torch").stringValue());
    }
  }
}
