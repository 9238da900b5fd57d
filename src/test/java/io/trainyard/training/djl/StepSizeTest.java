package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.models.ModelSummary;
import io.trainyard.shared.Errors;
import io.trainyard.training.TrainingPlan;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class StepSizeTest {
  private final ObjectNode job = Plans.document();

  @Test
  void countsEachWeightOnceForEachRow() {
    assertThat(size()).isEqualTo(new StepSize(16 * (4 * 16 + 16 + 16 * 3 + 3), 60 * 131));
    assertThat(size().isSmall()).isTrue();
  }

  @Test
  void countsAConvolutionAtEveryPixel() {
    job.set(
        "model",
        Plans.json(
            """
            {"layers": [{"type": "Conv2d", "in_channels": 1, "out_channels": 2, "kernel_size": 3, "bias": false},
                        {"type": "Flatten"}, {"type": "Linear", "in_features": 72, "out_features": 3, "bias": false}]}
            """));
    job.withObject("/dataset").set("input_shape", Plans.json("[1, 8, 8]"));
    assertThat(size().step()).isEqualTo(16 * (2 * 9 * 36 + 72 * 3));
  }

  @Test
  void isLargeIfStepAndEpochAre() {
    assertThat(new StepSize(1 << 21, 1L << 27).isSmall()).isFalse();
    assertThat(new StepSize(1 << 21, 1 << 21).isSmall()).isTrue();
    assertThat(new StepSize(1 << 19, 1L << 40).isSmall()).isTrue();
  }

  private StepSize size() {
    TrainingPlan plan = Plans.plan(job);
    Errors errors = new Errors();
    ModelSummary summary = plan.model().summarize(plan.data().shape().input(), "", errors);
    return StepSize.of(plan, Objects.requireNonNull(summary));
  }
}
