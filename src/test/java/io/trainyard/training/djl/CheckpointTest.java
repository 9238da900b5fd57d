package io.trainyard.training.djl;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.training.Checkpoint;
import io.trainyard.training.Epoch;
import io.trainyard.training.SafetensorsFile;
import io.trainyard.training.SavedTraining;
import io.trainyard.training.SavedTraining.States;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingResult.End;
import io.trainyard.training.djl.SavedTrainings.Stored;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** When checkpoints are given, what is in them, what takes them and what they cost. */
class CheckpointTest {
  @TempDir Path directory;

  private final ObjectNode job = Plans.document();
  private final List<Stored> stored = new ArrayList<>();
  private final List<Checkpoint.Cause> causes = new ArrayList<>();
  private final List<Boolean> best = new ArrayList<>();

  /** Keeps checkpoints. */
  private class Keeper extends Recorder {
    private final SavedTrainings files = new SavedTrainings(directory);

    @Override
    public void checkpoint(Checkpoint checkpoint) {
      causes.add(checkpoint.cause());
      best.add(checkpoint.best());
      stored.add(files.write(checkpoint));
    }
  }

  private TrainedModel train(Recorder recorder) throws TrainingFailure {
    return new DjlTrainingEngine(1).train(Plans.plan(job), recorder);
  }

  private TrainedModel resume(Stored from, States optimizer, Recorder recorder) throws Exception {
    SavedTraining saved = from.read(optimizer);
    try (SafetensorsFile arrays = saved.arrays()) {
      assertThat(arrays.entries()).isNotEmpty();
      return new DjlTrainingEngine(1).train(Plans.plan(job), saved, recorder);
    }
  }

  @Test
  void namesArraysAsTorchDoes() throws Exception {
    job.set("optimizer", Plans.json("{\"type\": \"Adam\"}"));
    job.set("checkpoint", Plans.json("{\"every_epochs\": 4}"));
    job.set("validation", Plans.json("{\"fraction\": 0.5}"));
    job.set("early_stopping", Plans.json("{\"patience\": 9, \"restore_best\": true}"));
    train(new Keeper()).close();

    SavedTraining saved = stored.get(0).read(States.REQUIRED);
    try (SafetensorsFile file = saved.arrays()) {
      assertThat(file.entries().keySet())
          .startsWith("0.weight", "0.bias", "2.weight", "2.bias", "optimizer.t.0.weight")
          .contains("optimizer.m.2.bias", "optimizer.v.0.weight", "best.0.weight", "best.2.bias")
          .hasSize(4 * 5);
      assertThat(requireNonNull(file.entries().get("0.weight")).shape()).containsExactly(16L, 4L);
      assertThat(requireNonNull(file.entries().get("optimizer.t.0.weight")).shape()).isEmpty();
      assertThat(file.bytes("optimizer.t.0.weight").getFloat()).isEqualTo(8f);
    }
    assertThat(saved.progress().epoch()).isEqualTo(4);
    assertThat(saved.progress().step()).isEqualTo(8);
  }

  @Test
  void thereAreNoneWithoutTimeOrAWish() throws Exception {
    train(new Keeper()).close();

    assertThat(stored).isEmpty();
  }

  @Test
  void everyEpochGetsOneIfThatIsAskedFor() throws Exception {
    job.put("epochs", 40);
    job.set("checkpoint", Plans.json("{\"every_epochs\": 1}"));
    train(new Keeper()).close();

    assertThat(causes).hasSize(40).containsOnly(Checkpoint.Cause.EPOCH);
    assertThat(best.get(0)).isTrue();
  }

  @Test
  void timeGivesThemWithinAnEpoch() throws Exception {
    job.withObject("/dataset").put("samples", 200_000);
    job.put("epochs", 1);
    TrainingPlan plan = Plans.plan(job);
    new DjlTrainingEngine(1)
        .train(with(plan, new TrainingPlan.Checkpointing(null, 0.01, 2)), new Keeper())
        .close();

    assertThat(causes).hasSizeGreaterThan(1).containsOnly(Checkpoint.Cause.TIME);
    SavedTraining saved = stored.get(0).read(States.REQUIRED);
    saved.arrays().close();
    assertThat(saved.progress().row()).isPositive();
    assertThat(best.get(0)).isFalse();
  }

  @Test
  void aRequestIsAnsweredWhenTheEpochEnds() throws Exception {
    job.withObject("/dataset").put("samples", 20_000);
    Keeper asks =
        new Keeper() {
          @Override
          public Command command() {
            return stored.isEmpty() ? Command.CHECKPOINT : Command.CONTINUE;
          }
        };
    train(asks).close();

    assertThat(causes).containsExactly(Checkpoint.Cause.REQUEST);
    SavedTraining saved = stored.get(0).read(States.REQUIRED);
    saved.arrays().close();
    assertThat(saved.progress().row()).isZero();
    assertThat(saved.progress().epoch()).isEqualTo(1);
  }

  @Test
  void aPauseBeforeTheFirstStepLeavesNothing() throws Exception {
    Keeper pauses =
        new Keeper() {
          @Override
          public Command command() {
            return Command.PAUSE;
          }
        };
    try (TrainedModel model = train(pauses)) {
      assertThat(model.result().end()).isEqualTo(End.PAUSED);
    }
    assertThat(stored).isEmpty();
  }

  @Test
  void parametersThatAreNotFiniteAreNotKept() throws Exception {
    job.put("epochs", 100);
    job.set("checkpoint", Plans.json("{\"every_epochs\": 1}"));
    job.set(
        "scheduler",
        Plans.json("{\"type\": \"MultiStepLR\", \"milestones\": [5], \"gamma\": 1e38}"));
    try (TrainedModel model = train(new Keeper())) {
      assertThat(model.result().end()).isEqualTo(End.DIVERGED);
    }
    assertThat(stored).hasSizeGreaterThanOrEqualTo(5);
    for (Stored one : stored) {
      SavedTraining saved = one.read(States.REQUIRED);
      try (SafetensorsFile file = saved.arrays()) {
        for (String name : file.entries().keySet()) {
          for (var bytes = file.bytes(name); bytes.hasRemaining(); ) {
            assertThat(bytes.getFloat()).isFinite();
          }
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefusedWithItsName() throws Exception {
    job.set("checkpoint", Plans.json("{\"every_epochs\": 4}"));
    train(new Keeper()).close();
    job.withObject("/model/layers/0").put("out_features", 17);
    job.withObject("/model/layers/2").put("in_features", 17);

    assertMisfit("its array 0.weight is F32 [16, 4], expected F32 [17, 4]");
    job.withArray("/model/layers").insert(0, Plans.json("{\"type\": \"Identity\"}"));
    assertMisfit("it has no array 1.weight, F32 [17, 4]");
    job.withArray("/model/layers").remove(0);
    job.withObject("/model/layers/0").put("out_features", 16);
    job.withObject("/model/layers/2").put("in_features", 16);
    job.withObject("/optimizer").put("momentum", 0.9);
    assertMisfit("it has no array optimizer.b.0.weight, F32 [16, 4]");
  }

  private void assertMisfit(String message) {
    assertThatThrownBy(() -> resume(stored.get(0), States.REQUIRED, new Recorder()).close())
        .isInstanceOf(TrainingFailure.class)
        .hasMessage("the checkpoint does not fit: " + message);
  }

  /** As a fork's that changes it: the parameters are kept, the optimizer counts from 0. */
  @Test
  void anOptimizerThatDoesNotFitBeginsAnew() throws Exception {
    job.set("checkpoint", Plans.json("{\"every_epochs\": 2}"));
    job.set("optimizer", Plans.json("{\"type\": \"AdamW\", \"lr\": 0.01}"));
    train(new Keeper()).close();
    job.put("epochs", 5);
    job.withObject("/optimizer").put("lr", 0.0).put("weight_decay", 0.0);
    Map<String, float[]> kept;
    try (TrainedModel model = resume(stored.get(1), States.REQUIRED, new Recorder())) {
      kept = model.parameters();
    }
    job.set("optimizer", Plans.json("{\"type\": \"NAdam\", \"lr\": 0.0}"));
    for (States states : new States[] {States.IF_FITTING, States.NONE}) {
      Recorder recorder = new Recorder();
      try (TrainedModel model = resume(stored.get(1), states, recorder)) {
        assertThat(recorder.epochs).extracting(Epoch::epoch).containsExactly(5);
        model
            .parameters()
            .forEach((name, values) -> assertThat(values).as(name).isEqualTo(kept.get(name)));
      }
    }
  }

  /** Training waits for this copy alone. */
  @Test
  void aCopyTakesMilliseconds() throws Exception {
    job.set(
        "model",
        Plans.json(
            """
            {"layers": [{"type": "Linear", "in_features": 784, "out_features": 1024},
              {"type": "ReLU"}, {"type": "Linear", "in_features": 1024, "out_features": 1024},
              {"type": "ReLU"}, {"type": "Linear", "in_features": 1024, "out_features": 10}]}
            """));
    job.set(
        "dataset",
        Plans.json(
            """
            {"type": "synthetic", "samples": 8, "input_shape": [784], "classes": 10}
            """));
    job.set("optimizer", Plans.json("{\"type\": \"Adam\"}"));
    job.put("epochs", 20);
    job.set("checkpoint", Plans.json("{\"every_epochs\": 1}"));
    double[] fastest = {Double.MAX_VALUE};
    Recorder clock =
        new Recorder() {
          private long told;

          @Override
          public void epoch(Epoch epoch) {
            told = System.nanoTime();
          }

          @Override
          public void checkpoint(Checkpoint checkpoint) {
            fastest[0] = Math.min(fastest[0], (System.nanoTime() - told) / 1e6);
            checkpoint.close();
          }
        };
    train(clock).close();

    System.out.printf("a copy of 784-1024-1024-10 with Adam takes %.1f ms%n", fastest[0]);
    assertThat(fastest[0]).isLessThan(100);
  }

  private static TrainingPlan with(TrainingPlan plan, TrainingPlan.Checkpointing checkpointing) {
    return new TrainingPlan(
        plan.model(),
        plan.data(),
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
        checkpointing);
  }
}
