package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.training.Checkpoint;
import io.trainyard.training.Epoch;
import io.trainyard.training.SavedTraining;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingResult;
import io.trainyard.training.TrainingResult.End;
import io.trainyard.training.djl.SavedTrainings.Stored;
import io.trainyard.training.optimizers.Optimizers;
import io.trainyard.training.schedulers.Schedulers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** A training that stops anywhere and goes on from its files is the training that ran through. */
class ResumeTest {
  private static final int MOST_STOPS = 3;

  @TempDir Path directory;

  /** Every optimizer with every scheduler and with none. */
  static Stream<Arguments> pairs() {
    List<String> schedulers = new ArrayList<>(Schedulers.VOCABULARY.types());
    schedulers.add("none");
    return Optimizers.VOCABULARY.types().stream()
        .flatMap(o -> schedulers.stream().map(s -> Arguments.of(o, s)));
  }

  /**
   * What a training left.
   *
   * @param model the file's bytes, each a character
   */
  private record Left(TrainingResult result, String model) {}

  /** Ends a training when told to, and keeps its checkpoints. */
  private final class Stopper extends Recorder {
    private final Predicate<Stopper> end;
    private final SavedTrainings saved;
    private final List<Stored> checkpoints = new ArrayList<>();
    private final List<Checkpoint.Cause> causes = new ArrayList<>();
    private int asked;

    /** Ends it when it has been asked so many times. */
    Stopper(int after) {
      this(stopper -> stopper.asked > after);
    }

    Stopper(Predicate<Stopper> end) {
      this.end = end;
      this.saved = new SavedTrainings(directory);
    }

    @Override
    public Command command() {
      asked++;
      return end.test(this) ? Command.PAUSE : Command.CONTINUE;
    }

    @Override
    public void checkpoint(Checkpoint checkpoint) {
      causes.add(checkpoint.cause());
      checkpoints.add(saved.write(checkpoint));
    }

    Left train(TrainingPlan plan, @Nullable Stored from) throws Exception {
      SavedTraining start = from == null ? null : from.read(SavedTraining.States.REQUIRED);
      try (TrainedModel model = new DjlTrainingEngine(1).train(plan, start, this)) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.write(out);
        return new Left(model.result(), out.toString(StandardCharsets.ISO_8859_1));
      } finally {
        if (start != null) {
          start.arrays().close();
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("pairs")
  void isTheSameToTheBit(String optimizer, String scheduler) throws Exception {
    Random random = new Random((optimizer + scheduler).hashCode());
    TrainingPlan plan = Plans.plan(job(optimizer, scheduler, random));
    Stopper through = new Stopper(Integer.MAX_VALUE);
    Left expected = through.train(plan, null);

    List<Epoch> epochs = new ArrayList<>();
    Stored last = null;
    Left left = null;
    for (int stops = 0; left == null || left.result.end() == End.PAUSED; stops++) {
      int after = stops < MOST_STOPS ? 1 + random.nextInt(through.asked) : Integer.MAX_VALUE;
      Stopper stopper = new Stopper(after);
      left = stopper.train(plan, last);
      epochs.addAll(stopper.epochs);
      if (!stopper.checkpoints.isEmpty()) {
        assertThat(stopper.checkpoints).hasSize(1);
        last = stopper.checkpoints.get(0);
      }
    }

    assertThat(untimed(epochs)).isEqualTo(untimed(through.epochs));
    assertThat(left.result).isEqualTo(expected.result);
    assertThat(left.model).isEqualTo(expected.model);
  }

  @Test
  void stopsWithinAnEpochAndInItsEvaluation() throws Exception {
    ObjectNode job = job("Adam", "StepLR", new Random(1));
    // Too long for one call: each epoch comes in parts.
    // The last batch has two rows, whose normalization magnifies the last bits of all before.
    job.withObject("/dataset").put("samples", 20_005);
    job.put("batch_size", 7).put("epochs", 2).put("shuffle", true);
    job.remove("early_stopping");
    TrainingPlan plan = Plans.plan(job);
    Stopper through = new Stopper(Integer.MAX_VALUE);
    Left expected = through.train(plan, null);
    // How many parts depends on the time they take.
    List<Predicate<Stopper>> ends =
        List.of(s -> s.asked > 1, s -> s.asked > 3, s -> s.progress.contains(1.0));
    for (Predicate<Stopper> end : ends) {
      Stopper stopped = new Stopper(end);
      assertThat(stopped.train(plan, null).result.end()).isEqualTo(End.PAUSED);
      SavedTraining state = stopped.checkpoints.get(0).read(SavedTraining.States.REQUIRED);
      state.arrays().close();
      assertThat(state.progress().epoch()).isZero();
      assertThat(state.progress().row()).isPositive();

      Stopper resumed = new Stopper(Integer.MAX_VALUE);
      Left left = resumed.train(plan, stopped.checkpoints.get(0));

      assertThat(untimed(resumed.epochs)).isEqualTo(untimed(through.epochs));
      assertThat(left.model).isEqualTo(expected.model);
    }
  }

  @Test
  void goesOnFromAnyEpochThatIsAskedFor() throws Exception {
    ObjectNode job = job("NAdam", "ReduceLROnPlateau", new Random(2));
    job.put("epochs", 7);
    job.remove("early_stopping");
    job.set("checkpoint", Plans.json("{\"every_epochs\": 3}"));
    TrainingPlan plan = Plans.plan(job);
    Stopper through = new Stopper(Integer.MAX_VALUE);
    Left expected = through.train(plan, null);

    assertThat(through.causes).containsExactly(Checkpoint.Cause.EPOCH, Checkpoint.Cause.EPOCH);
    for (int i = 0; i < 2; i++) {
      Stopper resumed = new Stopper(Integer.MAX_VALUE);
      Left left = resumed.train(plan, through.checkpoints.get(i));

      int from = 3 * (i + 1);
      assertThat(untimed(resumed.epochs)).isEqualTo(untimed(through.epochs.subList(from, 7)));
      assertThat(left.model).isEqualTo(expected.model);
    }
  }

  @Test
  void earlyStoppingGoesOnWaiting() throws Exception {
    ObjectNode job = job("SGD", "none", new Random(3));
    job.put("epochs", 500);
    job.withObject("/optimizer").put("lr", 0.5);
    job.set("checkpoint", Plans.json("{\"every_epochs\": 1}"));
    TrainingPlan plan = Plans.plan(job);
    Stopper through = new Stopper(Integer.MAX_VALUE);
    Left expected = through.train(plan, null);
    assertThat(expected.result.end()).isEqualTo(End.EARLY_STOPPED);
    int epochs = expected.result.epochs();
    assertThat(through.checkpoints).hasSize(epochs);
    for (int from = Math.max(1, expected.result.bestEpoch() - 1); from <= epochs; from++) {
      Stopper resumed = new Stopper(Integer.MAX_VALUE);
      Left left = resumed.train(plan, through.checkpoints.get(from - 1));

      assertThat(left.result).isEqualTo(expected.result);
      assertThat(left.model).isEqualTo(expected.model);
      assertThat(resumed.epochs).hasSize(epochs - from);
    }
  }

  static ObjectNode job(String optimizer, String scheduler, Random random) {
    ObjectNode job = Plans.document();
    // Rows and batches of odd sizes, and layers with all kinds of state.
    job.withObject("/model")
        .set(
            "layers",
            Plans.json(
                """
                [{"type": "Linear", "in_features": 5, "out_features": 16},
                 {"type": "BatchNorm1d", "num_features": 16}, {"type": "ReLU"},
                 {"type": "Dropout", "p": 0.3},
                 {"type": "Linear", "in_features": 16, "out_features": 7}, {"type": "Tanh"},
                 {"type": "Dropout", "p": 0.1},
                 {"type": "Linear", "in_features": 7, "out_features": 3}]
                """));
    job.withObject("/dataset").put("samples", 1250).set("input_shape", Plans.json("[5]"));
    job.put("epochs", 6).put("shuffle", random.nextInt(4) > 0).put("seed", random.nextInt(1000));
    job.put("batch_size", new int[] {7, 16, 33}[random.nextInt(3)]);
    job.set("validation", Plans.json("{\"fraction\": 0.2}"));
    job.set("metrics", Plans.json("[\"accuracy\"]"));
    job.set("early_stopping", Plans.json("{\"patience\": 1, \"restore_best\": true}"));
    String clipping = random.nextBoolean() ? "{\"max_norm\": 0.5}" : "{\"clip_value\": 0.05}";
    job.set("gradient_clipping", Plans.json(clipping));
    job.set("optimizer", Plans.json(optimizer(optimizer, random.nextBoolean())));
    if (!scheduler.equals("none")) {
      job.set("scheduler", Plans.json(scheduler(scheduler)));
    }
    return job;
  }

  /** With and without the arguments that give an optimizer more to remember. */
  private static String optimizer(String type, boolean more) {
    String arguments =
        switch (type) {
          case "SGD" -> "\"lr\": 0.05, \"momentum\": 0.9" + (more ? ", \"nesterov\": true" : "");
          case "RMSprop" -> more ? "\"centered\": true, \"momentum\": 0.5" : "\"lr\": 0.01";
          case "Adam", "AdamW" -> "\"amsgrad\": " + more;
          case "Adagrad" -> "\"lr_decay\": " + (more ? 0.1 : 0);
          default -> "\"weight_decay\": " + (more ? 0.01 : 0);
        };
    return "{\"type\": \"" + type + "\", " + arguments + "}";
  }

  private static String scheduler(String type) {
    String arguments =
        switch (type) {
          case "StepLR" -> "\"step_size\": 2, \"gamma\": 0.5";
          case "MultiStepLR" -> "\"milestones\": [1, 4], \"gamma\": 0.3";
          case "ExponentialLR" -> "\"gamma\": 0.8";
          case "CosineAnnealingLR" -> "\"T_max\": 3";
          case "LinearLR" -> "\"total_iters\": 4";
          case "ReduceLROnPlateau" -> "\"patience\": 0, \"threshold\": 0.1, \"cooldown\": 1";
          default -> throw new IllegalArgumentException("try " + type + ", too");
        };
    return "{\"type\": \"" + type + "\", " + arguments + "}";
  }

  /** Epochs without what a clock says. */
  static List<Epoch> untimed(List<Epoch> epochs) {
    return epochs.stream()
        .map(
            e -> new Epoch(e.epoch(), e.trainLoss(), e.validationLoss(), e.lr(), 0, 0, e.metrics()))
        .toList();
  }
}
