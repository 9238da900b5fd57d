package io.trainyard.training.djl;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingResult.End;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** A training whose losses are no longer finite. */
class DivergenceTest {
  private final ObjectNode job = Plans.document();
  private final Recorder recorder = new Recorder();

  @Test
  void aLossThatIsNoNumberEndsTheTraining() throws Exception {
    job.withObject("/optimizer").put("lr", 1e30);
    try (TrainedModel model = train()) {
      assertThat(model.result().end()).isEqualTo(End.DIVERGED);
      assertThat(model.result().detail())
          .matches(
              "the loss became (NaN|infinite) in epoch \\d, step \\d: lower lr or clip gradients;"
                  + " the initial parameters are kept");
      assertThat(model.result().epochs()).isEqualTo(recorder.epochs.size());
      assertThat(model.parameters().get("0.weight")).isEqualTo(initialWeights());
    }
  }

  @Test
  void aDivergedModelHasTheLastFiniteParameters() throws Exception {
    // A rate that explodes after epochs that lasted long enough for a copy.
    job.withObject("/dataset").put("samples", 20_000);
    job.put("epochs", 100);
    job.set(
        "scheduler",
        Plans.json("{\"type\": \"MultiStepLR\", \"milestones\": [20], \"gamma\": 1e35}"));
    try (TrainedModel model = train()) {
      assertThat(model.result().end()).isEqualTo(End.DIVERGED);
      assertThat(model.result().epochs()).isBetween(20, 21);
      assertThat(model.result().detail()).contains("the parameters after epoch ");
      for (float[] values : model.parameters().values()) {
        for (float value : values) {
          assertThat(value).isFinite();
        }
      }
    }
  }

  private float[] initialWeights() throws TrainingFailure {
    job.withObject("/optimizer").put("lr", 0.0);
    try (TrainedModel model = train()) {
      return requireNonNull(model.parameters().get("0.weight"));
    }
  }

  private TrainedModel train() throws TrainingFailure {
    return new DjlTrainingEngine(1).train(Plans.plan(job), recorder);
  }
}
