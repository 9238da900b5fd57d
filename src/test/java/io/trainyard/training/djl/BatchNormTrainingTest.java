package io.trainyard.training.djl;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.trainyard.datasets.SyntheticSpec;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingPlan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Running statistics from the first batch to the file. */
class BatchNormTrainingTest {
  private static final String[] BUFFERS = {
    "0.running_mean", "0.running_var", "0.num_batches_tracked"
  };
  private final ObjectNode job = Plans.document();

  @BeforeEach
  void normaliseTheInputs() {
    norm("");
  }

  private void norm(String arguments) {
    if (job.at("/model/layers").size() == 4) {
      job.withArray("/model/layers").remove(0);
    }
    job.withArray("/model/layers")
        .insert(0, Plans.json("{\"type\": \"BatchNorm1d\", \"num_features\": 4" + arguments + "}"));
  }

  private TrainedModel train() throws TrainingFailure {
    return new DjlTrainingEngine(1).train(Plans.plan(job), new Recorder());
  }

  @Test
  void nullMomentumMakesPlainMeans() throws Exception {
    job.put("epochs", 3).put("batch_size", 20);
    norm(", \"momentum\": null");
    TrainingPlan plan = Plans.plan(job);
    float[] inputs = Synthetic.inputs((SyntheticSpec) plan.data(), 60);
    try (TrainedModel model = train()) {
      float[] means = requireNonNull(model.parameters().get("0.running_mean"));
      for (int column = 0; column < 4; column++) {
        double sum = 0;
        for (int row = 0; row < 60; row++) {
          sum += inputs[row * 4 + column];
        }
        assertThat((double) means[column]).isEqualTo(sum / 60, within(1e-6));
      }
      assertThat(model.parameters().get("0.num_batches_tracked")).containsExactly(9);
    }
  }

  @Test
  void theBestEpochsStatisticsComeBack() throws Exception {
    job.put("epochs", 500);
    job.set("validation", Plans.json("{\"fraction\": 0.5}"));
    job.withObject("/optimizer").put("lr", 1.0);
    job.set(
        "early_stopping",
        Plans.json("{\"monitor\": \"validation_loss\", \"patience\": 3, \"restore_best\": true}"));
    try (TrainedModel model = train()) {
      assertThat(model.result().epochs()).isGreaterThan(model.result().bestEpoch());
      job.put("epochs", model.result().bestEpoch());
      job.remove("early_stopping");
      try (TrainedModel shorter = train()) {
        for (String name : BUFFERS) {
          assertThat(model.parameters().get(name)).isEqualTo(shorter.parameters().get(name));
        }
      }
    }
  }

  @Test
  void theFileHasThemAsTorchsStateDict() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TrainedModel model = train();
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      model.write(out);
      NDList read = NDList.decode(manager, new ByteArrayInputStream(out.toByteArray()));
      assertThat(read).extracting(NDArray::getName).contains(BUFFERS);
      NDArray batches = read.get("0.num_batches_tracked");
      assertThat(batches.getDataType()).isEqualTo(DataType.INT64);
      assertThat(batches.getShape().dimension()).isZero();
      assertThat(batches.getLong()).isEqualTo(16);
      assertThat(read.get("0.running_var").toFloatArray())
          .isEqualTo(model.parameters().get("0.running_var"))
          .doesNotContain(1f);
    }
  }

  @Test
  void evaluationDoesNotMoveThem() throws Exception {
    float[] without;
    try (TrainedModel model = train()) {
      without = requireNonNull(model.parameters().get("0.running_mean"));
    }
    job.set("metrics", Plans.json("[\"accuracy\"]"));
    try (TrainedModel model = train()) {
      assertThat(model.parameters().get("0.running_mean")).isEqualTo(without);
      assertThat(model.parameters().get("0.num_batches_tracked")).containsExactly(16);
    }
  }

  @Test
  void aBatchOfOneRowIsADataError() {
    job.put("batch_size", 59);
    assertDataError(
        "layer 0, BatchNorm1d, needs batches of at least 2 rows;"
            + " 60 training rows in batches of 59 leave one of 1");
    job.put("batch_size", 1);
    assertDataError("60 training rows in batches of 1 leave one of 1");
  }

  @Test
  void oneRowIsEnoughInEvaluationIfStatisticsRun() throws Exception {
    job.put("batch_size", 7);
    job.set("validation", Plans.json("{\"fraction\": 0.25}"));
    train().close();
    norm(", \"track_running_stats\": false");
    assertDataError("15 validation rows in batches of 7 leave one of 1");
  }

  private void assertDataError(String message) {
    assertThatThrownBy(this::train)
        .isInstanceOfSatisfying(
            TrainingFailure.class,
            e -> assertThat(e.reason()).isEqualTo(TrainingFailure.Reason.DATA_ERROR))
        .hasMessageContaining(message);
  }
}
