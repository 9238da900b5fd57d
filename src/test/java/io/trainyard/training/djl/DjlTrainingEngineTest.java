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
import io.trainyard.training.Epoch;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingObserver.Command;
import io.trainyard.training.TrainingResult.End;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class DjlTrainingEngineTest {
  private final DjlTrainingEngine engine = new DjlTrainingEngine(1);
  private final ObjectNode job = Plans.document();
  private final Recorder recorder = new Recorder();

  private TrainedModel train() throws TrainingFailure {
    return engine.train(Plans.plan(job), recorder);
  }

  @Test
  void tellsDeviceEpochsAndEnd() throws Exception {
    try (TrainedModel model = train()) {
      assertThat(recorder.device).isEqualTo("cpu");
      assertThat(recorder.epochs).extracting(Epoch::epoch).containsExactly(1, 2, 3, 4);
      assertThat(recorder.epochs).allMatch(e -> e.samplesPerSecond() > 0);
      assertThat(recorder.epochs).allMatch(e -> e.validationLoss() == null);
      assertThat(model.result().end()).isEqualTo(End.COMPLETED);
      assertThat(model.result().epochs()).isEqualTo(4);
      assertThat(model.result().bestEpoch()).isEqualTo(4);
      assertThat(recorder.progress.get(recorder.progress.size() - 1)).isEqualTo(1.0);
    }
  }

  @Test
  void sameSeedGivesTheSameBits() throws Exception {
    job.put("epochs", 20);
    job.withArray("/model/layers").insert(2, Plans.json("{\"type\": \"Dropout\"}"));
    Recorder second = new Recorder();
    try (TrainedModel one = train();
        TrainedModel two = engine.train(Plans.plan(job), second)) {
      assertThat(second.trainLosses()).isEqualTo(recorder.trainLosses());
      two.parameters()
          .forEach((name, values) -> assertThat(one.parameters().get(name)).isEqualTo(values));
    }
  }

  @Test
  void validatesOnRowsThatDoNotTrain() throws Exception {
    job.set("validation", Plans.json("{\"fraction\": 0.25}"));
    job.set("metrics", Plans.json("[\"accuracy\"]"));
    job.put("epochs", 200);
    try (TrainedModel model = train()) {
      Epoch last = recorder.epochs.get(199);
      assertThat(last.validationLoss()).isGreaterThan(last.trainLoss() * 1.5);
      double right = requireNonNull(last.metrics().get("accuracy")) * 15;
      assertThat(right).isEqualTo(Math.rint(right), within(1e-9));
      double best =
          recorder.epochs.stream()
              .mapToDouble(e -> requireNonNull(e.validationLoss()))
              .min()
              .orElseThrow();
      int bestEpoch = model.result().bestEpoch();
      assertThat(recorder.epochs.get(bestEpoch - 1).validationLoss()).isEqualTo(best);
    }
  }

  @Test
  void accuracyIsTheShareOfRowsWhoseLargestOutputIsRight() throws Exception {
    job.set("metrics", Plans.json("[\"accuracy\"]"));
    var plan = Plans.plan(job);
    try (TrainedModel model = train();
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      float[] inputs = Synthetic.inputs((io.trainyard.datasets.SyntheticSpec) plan.data(), 60);
      // The generator stands where the classes are drawn.
      NDArray classes =
          manager.randomInteger(
              0, 3, new ai.djl.ndarray.types.Shape(60), ai.djl.ndarray.types.DataType.INT64);
      NDArray outputs = manager.create(model.predict(inputs, 60)).reshape(60, 3);
      long right = outputs.argMax(1).eq(classes).countNonzero().getLong();
      assertThat(recorder.epochs.get(3).metrics().get("accuracy")).isEqualTo(right / 60.0);
    }
  }

  @Test
  void stopsEarlyAndRestoresTheBest() throws Exception {
    job.put("epochs", 500);
    job.set("validation", Plans.json("{\"fraction\": 0.5}"));
    job.withObject("/optimizer").put("lr", 1.0);
    job.set(
        "early_stopping",
        Plans.json("{\"monitor\": \"validation_loss\", \"patience\": 3, \"restore_best\": true}"));
    try (TrainedModel model = train()) {
      assertThat(model.result().end()).isEqualTo(End.EARLY_STOPPED);
      int best = model.result().bestEpoch();
      assertThat(model.result().epochs()).isEqualTo(best + 3).isEqualTo(recorder.epochs.size());
      // The same job, ended at the best epoch, has the same parameters.
      job.put("epochs", best);
      job.remove("early_stopping");
      try (TrainedModel shorter = train()) {
        assertThat(model.parameters().get("0.weight"))
            .isEqualTo(shorter.parameters().get("0.weight"));
      }
    }
  }

  @Test
  void patienceCountsImprovementsOfLessThanMinDeltaAsNone() throws Exception {
    job.put("epochs", 50);
    job.set(
        "early_stopping",
        Plans.json("{\"monitor\": \"train_loss\", \"patience\": 2, \"min_delta\": 100}"));
    try (TrainedModel model = train()) {
      assertThat(model.result().epochs()).isEqualTo(3);
      assertThat(model.result().bestEpoch()).isEqualTo(3);
    }
  }

  @Test
  void clippingKeepsALargeStepSmall() throws Exception {
    job.put("epochs", 1);
    job.putNull("batch_size");
    job.withObject("/optimizer").put("lr", 1.0);
    float[] start = weightsAfter(0.0);
    job.set("gradient_clipping", Plans.json("{\"max_norm\": 0.001}"));
    assertThat(distance(start, weightsAfter(1.0))).isBetween(1e-5, 0.001);
    job.set("gradient_clipping", Plans.json("{\"clip_value\": 0.0001}"));
    float[] end = weightsAfter(1.0);
    for (int i = 0; i < end.length; i++) {
      assertThat((double) Math.abs(end[i] - start[i])).isLessThan(0.000101);
    }
  }

  private float[] weightsAfter(double lr) throws TrainingFailure {
    job.withObject("/optimizer").put("lr", lr);
    try (TrainedModel model = train()) {
      return requireNonNull(model.parameters().get("0.weight"));
    }
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow((double) a[i] - b[i], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void cancelAndPauseEndItWithinAnEpoch() throws Exception {
    job.withObject("/dataset").put("samples", 100_000);
    for (Command command : new Command[] {Command.CANCEL, Command.PAUSE}) {
      long[] asked = {0};
      Recorder impatient =
          new Recorder() {
            @Override
            public Command command() {
              if (progress.size() < 3) {
                return Command.CONTINUE;
              }
              asked[0] = asked[0] == 0 ? System.nanoTime() : asked[0];
              return command;
            }
          };
      try (TrainedModel model = engine.train(Plans.plan(job), impatient)) {
        assertThat(System.nanoTime() - asked[0]).isLessThan(500_000_000);
        assertThat(model.result().end())
            .isEqualTo(command == Command.CANCEL ? End.CANCELLED : End.PAUSED);
        assertThat(impatient.progress).hasSize(3);
        assertThat(impatient.progress.get(2)).isLessThan(1);
      }
    }
  }

  @Test
  void callsStayShort() throws Exception {
    job.withObject("/dataset").put("samples", 200_000);
    job.put("epochs", 1);
    Recorder clock =
        new Recorder() {
          private long last = System.nanoTime();

          @Override
          public Command command() {
            last = System.nanoTime();
            return Command.CONTINUE;
          }

          @Override
          public void progress(int epoch, double fraction) {
            progress.add((System.nanoTime() - last) / 1e6);
          }
        };
    engine.train(Plans.plan(job), clock).close();
    // Most of them: a busy machine may hold any one of them up.
    long shorter = clock.progress.stream().filter(ms -> ms <= 50).count();
    assertThat(shorter).isGreaterThan(clock.progress.size() * 8L / 10);
  }

  @Test
  void arraysDoNotGrowWithTheEpochs() throws Exception {
    job.put("epochs", 200);
    job.set("validation", Plans.json("{\"fraction\": 0.25}"));
    job.set("metrics", Plans.json("[\"accuracy\"]"));
    job.set(
        "early_stopping",
        Plans.json("{\"monitor\": \"train_loss\", \"patience\": 300, \"restore_best\": true}"));
    int[] counts = new int[201];
    Recorder counter =
        new Recorder() {
          @Override
          public void epoch(Epoch epoch) {
            counts[epoch.epoch()] = managed();
          }
        };
    int before = managed();
    engine.train(Plans.plan(job), counter).close();
    // Each method of the script leaves one array, its name, when it is first called.
    assertThat(counts[200]).isBetween(counts[2], counts[2] + 5).isGreaterThan(before);
    assertThat(managed()).isEqualTo(before);
  }

  /** How many arrays and other resources live below the engine's root. */
  private static int managed() {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      return manager.getParentManager().getManagedArrays().size();
    }
  }

  @Test
  void aMissingDeviceIsSaid() {
    job.put("device", "cuda:7");
    assertThatThrownBy(this::train)
        .isInstanceOfSatisfying(
            TrainingFailure.class,
            e -> assertThat(e.reason()).isEqualTo(TrainingFailure.Reason.DEVICE_UNAVAILABLE))
        .hasMessageContaining("\"cuda:7\" is not available here");
  }

  @Test
  void whatTorchRefusesOfAnImageIsNoLackOfMemory() {
    job.set(
        "model",
        Plans.json(
            """
            {"layers": [{"type": "Conv2d", "in_channels": 2, "out_channels": 2, "kernel_size": 1}]}"""));
    job.withObject("/dataset").remove("classes");
    job.withObject("/dataset").set("input_shape", Plans.json("[2, 3, 3]"));
    job.withObject("/dataset").set("target_shape", Plans.json("[2, 3, 3]"));
    job.withObject("/loss").put("type", "BCELoss");
    assertThatThrownBy(this::train)
        .isInstanceOfSatisfying(
            TrainingFailure.class,
            e -> assertThat(e.reason()).isEqualTo(TrainingFailure.Reason.DATA_ERROR))
        .hasMessageContaining("between 0 and 1");
  }

  @Test
  void autoFindsADevice() throws Exception {
    job.put("device", "auto");
    train().close();
    assertThat(recorder.device).isNotEmpty();
  }

  @Test
  void writesSafetensors() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TrainedModel model = train();
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      model.write(out);
      NDList read = NDList.decode(manager, new ByteArrayInputStream(out.toByteArray()));
      assertThat(read)
          .extracting(NDArray::getName)
          .containsExactlyInAnyOrder("0.weight", "0.bias", "2.weight", "2.bias");
      for (NDArray array : read) {
        assertThat(array.toFloatArray()).isEqualTo(model.parameters().get(array.getName()));
      }
      assertThat(read.get("2.weight").getShape().getShape()).containsExactly(3, 16);
    }
  }
}
