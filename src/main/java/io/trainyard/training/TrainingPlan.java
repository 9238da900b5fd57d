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
    String device) {

  /** Ends a training whose monitored number has stopped to improve. */
  public record EarlyStopping(String monitor, int patience, double minDelta, boolean restoreBest) {}

  /** torch's {@code clip_grad_norm_(max_norm)} or {@code clip_grad_value_(clip_value)}. */
  public record GradientClipping(@Nullable Double maxNorm, @Nullable Double clipValue) {}
}
