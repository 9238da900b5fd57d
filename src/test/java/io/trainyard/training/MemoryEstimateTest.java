package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.shared.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class MemoryEstimateTest {
  private static final References NONE =
      new References() {
        @Override
        public @Nullable StoredModel model(String reference) {
          return null;
        }

        @Override
        public @Nullable StoredDataset dataset(String reference) {
          return null;
        }
      };

  /** 10 × 5 and 5 numbers, then 5 × 3 and 3: 73 parameters, 292 bytes. */
  private final ObjectNode job =
      (ObjectNode)
          Json.MAPPER.readTree(
              """
              {"model": {"layers": [{"type": "Linear", "in_features": 10, "out_features": 5},
                 {"type": "Linear", "in_features": 5, "out_features": 3}]},
               "dataset": {"type": "synthetic", "samples": 100, "input_shape": [10], "classes": 3},
               "loss": {"type": "CrossEntropyLoss"}, "optimizer": {"type": "Adam"}, "epochs": 1,
               "batch_size": 20}""");

  private MemoryEstimate estimate() {
    return JobDocument.read(job, NONE).memory();
  }

  @Test
  void itsPartsAreThoseOfTheFormula() {
    MemoryEstimate estimate = estimate();

    assertThat(estimate.parameters()).isEqualTo(292);
    assertThat(estimate.gradients()).isEqualTo(292);
    assertThat(estimate.optimizer()).isEqualTo(2 * 292);
    assertThat(estimate.copies()).isEqualTo(4 * 292);
    assertThat(estimate.activations()).isEqualTo(4 * 20 * (10 + 2 * (5 + 3)));
    assertThat(estimate.dataset()).isEqualTo(2 * 100 * (4 * 10 + 8));
    assertThat(estimate.total())
        .isEqualTo(8 * 292 + 4 * 20 * 26 + 2 * 100 * 48 + estimate.process());
  }

  @Test
  void theOptimizerTakesWhatItRemembers() {
    job.set("optimizer", Json.MAPPER.readTree("{\"type\": \"SGD\", \"lr\": 0.1}"));
    assertThat(estimate().optimizer()).isZero();

    job.set(
        "optimizer", Json.MAPPER.readTree("{\"type\": \"SGD\", \"lr\": 0.1, \"momentum\": 0.9}"));
    assertThat(estimate().optimizer()).isEqualTo(292);

    job.set("optimizer", Json.MAPPER.readTree("{\"type\": \"AdamW\", \"amsgrad\": true}"));
    assertThat(estimate().optimizer()).isEqualTo(3 * 292);
  }

  @Test
  void withoutABatchSizeAllRowsThatTrainAreOne() {
    job.remove("batch_size");
    job.set("validation", Json.object().put("fraction", 0.25));

    assertThat(estimate().activations()).isEqualTo(4 * 75 * 26);
    assertThat(estimate().dataset()).isEqualTo(3 * 100 * 48);
  }

  @Test
  void theBestParametersAreOneMoreCopy() {
    job.set("validation", Json.object().put("fraction", 0.25));
    job.set("early_stopping", Json.object().put("patience", 3).put("restore_best", true));

    assertThat(estimate().copies()).isEqualTo(5 * 292);
  }

  @Test
  void whatIsTooLargeForALongIsTheLargestOne() {
    String layer = "{\"type\": \"Linear\", \"in_features\": %d, \"out_features\": %d}";
    ObjectNode model = Json.object();
    model
        .putArray("layers")
        .add(Json.MAPPER.readTree(layer.formatted(10, 1_000_000_000)))
        .add(Json.MAPPER.readTree(layer.formatted(1_000_000_000, 1_000_000_000)))
        .add(Json.MAPPER.readTree(layer.formatted(1_000_000_000, 3)));
    job.set("model", model);
    job.set("optimizer", Json.MAPPER.readTree("{\"type\": \"AdamW\", \"amsgrad\": true}"));

    assertThat(estimate().optimizer()).isEqualTo(Long.MAX_VALUE);
    assertThat(estimate().total()).isEqualTo(Long.MAX_VALUE);
  }
}
