package io.trainyard.training;

import io.trainyard.datasets.DataSource;
import io.trainyard.models.ModelDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a training needs, resolved and checked.
 *
 * @param batchSize null for the whole set at once
 * @param validationFraction of the rows, 0 for no validation split
 * @param metrics names of metrics beyond the loss: "accuracy"
 * @param device "auto", "cpu", "cuda" or "cuda:N"
 */
public record TrainingPlan(
    ModelDefinition model,
    DataSource data,
    Loss loss,
    Optimizer optimizer,
    @Nullable Scheduler scheduler,
    int epochs,
    @Nullable Integer batchSize,
    boolean shuffle,
    long seed,
    double validationFraction,
    List<String> metrics,
    @Nullable EarlyStopping earlyStopping,
    @Nullable GradientClipping gradientClipping,
    String device,
    Checkpointing checkpointing) {

  /** Ends a training whose monitored number has stopped to improve. */
  public record EarlyStopping(String monitor, int patience, double minDelta, boolean restoreBest) {}

  /** torch's {@code clip_grad_norm_(max_norm)} or {@code clip_grad_value_(clip_value)}. */
  public record GradientClipping(@Nullable Double maxNorm, @Nullable Double clipValue) {}

  /**
   * When the training's state is kept, beside the times when somebody asks for it.
   *
   * @param everyEpochs null for none by their number
   * @param everySeconds of training, also within an epoch; null for none by time
   * @param keep how many of the last are kept beside the best
   */
  public record Checkpointing(
      @Nullable Integer everyEpochs, @Nullable Double everySeconds, int keep) {
    private static final double SECONDS = 60;

    /** With the time that holds if nothing is asked for. */
    public static Checkpointing of(
        @Nullable Integer everyEpochs, @Nullable Double everySeconds, int keep) {
      boolean asked = everyEpochs != null || everySeconds != null;
      return new Checkpointing(everyEpochs, asked ? everySeconds : Double.valueOf(SECONDS), keep);
    }
  }
}
