package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import io.trainyard.datasets.DatasetShape;
import io.trainyard.datasets.Normalization;
import io.trainyard.datasets.TableData;
import io.trainyard.datasets.Target;
import io.trainyard.shared.Shape;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class TableTrainingTest {
  private static final int ROWS = 60;
  private final ObjectNode job = Plans.document();
  private final ByteBuffer memory = direct(ROWS * 4 * Float.BYTES);
  private final FloatBuffer features = memory.asFloatBuffer();
  private final LongBuffer classes = direct(ROWS * Long.BYTES).asLongBuffer();

  /** The class is the sign of the first feature, which lies far from 0 and varies little. */
  private void fill() {
    for (int i = 0; i < ROWS; i++) {
      int side = i % 2;
      float[] row = {1000 + side * 0.5f + i * 0.001f, i * 100, 7, -i};
      features.put(i * 4, row);
      classes.put(i, side);
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  private TrainingPlan plan(Normalization normalization, @Nullable LongBuffer targets) {
    TrainingPlan plan = Plans.plan(job);
    Target target = new Target.Classes(2, List.of("left", "right"));
    TableData data =
        new TableData(
            new DatasetShape(ROWS, Shape.of(4), target), memory, null, targets, normalization);
    return new TrainingPlan(
        plan.model(),
        data,
        plan.loss(),
        plan.optimizer(),
        plan.scheduler(),
        plan.epochs(),
        plan.batchSize(),
        plan.shuffle(),
        plan.seed(),
        plan.validationFraction(),
        plan.metrics(),
        plan.earlyStopping(),
        plan.gradientClipping(),
        plan.device(),
        plan.checkpointing());
  }

  @Test
  void learnsFromNormalisedFeatures() throws Exception {
    fill();
    job.put("epochs", 30);
    job.set("metrics", Plans.json("[\"accuracy\"]"));
    Recorder recorder = new Recorder();
    try (TrainedModel model =
        new DjlTrainingEngine(1).train(plan(Normalization.STANDARD, classes), recorder)) {
      assertThat(recorder.epochs.get(29).metrics().get("accuracy")).isGreaterThan(0.95);
      FeatureScaling scaling = Objects.requireNonNull(model.scaling());
      assertThat(scaling.offset().get(1)).isEqualTo(2950, within(1e-9));
      assertThat(scaling.offset().get(2)).isEqualTo(7);
      assertThat(features.get(5)).as("the table's own number").isEqualTo(100);
    }
  }

  @Test
  void takesStatisticsOfTheTrainingRowsAlone() throws Exception {
    fill();
    job.set("validation", Plans.json("{\"fraction\": 0.5}"));
    try (TrainedModel model =
        new DjlTrainingEngine(1).train(plan(Normalization.MINMAX, classes), new Recorder())) {
      FeatureScaling scaling = Objects.requireNonNull(model.scaling());
      double range = scaling.scale().get(1);
      assertThat(range).isLessThan(5900).isGreaterThan(2900);
    }
  }

  @Test
  void leavesFeaturesAloneWithoutNormalisation() throws Exception {
    fill();
    job.withObject("/optimizer").put("lr", 1e-9);
    try (TrainedModel model =
        new DjlTrainingEngine(1).train(plan(Normalization.NONE, classes), new Recorder())) {
      assertThat(model.scaling()).isNull();
    }
  }

  /** A copy would double what a large file takes. */
  @Test
  void worksOnTheTablesMemoryWhereNothingChangesIt() throws Exception {
    fill();
    try (PtNDManager manager = (PtNDManager) Engines.pytorch().newBaseManager(Device.cpu())) {
      TrainingPlan plan = plan(Normalization.NONE, classes);
      TrainingData data = TrainingData.load(manager, plan, plan.data().shape().target());
      features.put(5, 4711);
      assertThat(data.train().x().getFloat(1, 1)).isEqualTo(4711);
    }
  }

  @Test
  void refusesClassesAndNumbersThatCannotBe() {
    fill();
    classes.put(3, 2);
    assertFails("row 3 is of class 2; the classes are 0 to 1");
    classes.put(3, 1);
    features.put(5, Float.NaN);
    assertFails("the data has values that are not finite numbers");
  }

  private void assertFails(String message) {
    TrainingPlan plan = plan(Normalization.NONE, classes);
    assertThatThrownBy(() -> new DjlTrainingEngine(1).train(plan, new Recorder()))
        .isInstanceOfSatisfying(
            TrainingFailure.class,
            e -> assertThat(e.reason()).isEqualTo(TrainingFailure.Reason.DATA_ERROR))
        .hasMessage(message);
  }
}
