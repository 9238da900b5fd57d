package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.trainyard.datasets.Target;
import io.trainyard.models.ModelSummary;
import io.trainyard.models.ShapeMismatch;
import io.trainyard.shared.Errors;
import io.trainyard.shared.Shape;
import io.trainyard.training.SavedTraining;
import io.trainyard.training.TrainedModel;
import io.trainyard.training.TrainingEngine;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingObserver;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingResult;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trains on PyTorch through DJL: forward, loss, backward and optimizer step are one script made
 * from the plan, and one call of it makes many steps.
 */
public final class DjlTrainingEngine implements TrainingEngine {
  private final int threads;

  /**
   * @param threads that torch computes with, 0 for its own choice
   */
  public DjlTrainingEngine(int threads) {
    this.threads = threads;
  }

  @Override
  public String name() {
    return "libtorch " + Engines.pytorch().getVersion();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the plan's parts do not fit each other
   */
  @Override
  public TrainedModel train(
      TrainingPlan plan, @Nullable SavedTraining saved, TrainingObserver observer)
      throws TrainingFailure {
    Engine engine = Engines.pytorch();
    Device device = Devices.find(engine, plan.device());
    boolean gradients = JniUtils.isGradMode();
    PtNDManager manager = (PtNDManager) engine.newBaseManager(device);
    TrainedModel model = null;
    try {
      // Grad mode is the thread's own, and only the scripted steps want it.
      JniUtils.setGradMode(true);
      model = train(manager, plan, saved, observer);
      return model;
    } catch (EngineException | OutOfMemoryError e) {
      throw failure(e);
    } finally {
      JniUtils.setGradMode(gradients);
      if (model == null) {
        manager.close();
      }
    }
  }

  private TrainedModel train(
      PtNDManager manager,
      TrainingPlan plan,
      @Nullable SavedTraining saved,
      TrainingObserver observer)
      throws TrainingFailure {
    Shape input = plan.data().shape().input();
    ModelSummary summary = summary(plan, input);
    if (threads > 0) {
      JniUtils.setNumThreads(StepSize.of(plan, summary).isSmall() ? 1 : threads);
    }
    Target target = target(plan, summary);
    boolean accuracy = plan.metrics().contains(EpochCalls.ACCURACY);
    if (accuracy && !(target instanceof Target.Classes)) {
      throw new IllegalArgumentException("accuracy needs a target of classes");
    }
    TrainingData data = TrainingData.load(manager, plan, target);
    BatchSizes.check(plan, summary, data);
    JniUtils.setSeed(plan.seed());
    Weights weights = Weights.create(manager, plan.model());
    if (weights.isFixed()) {
      throw new IllegalArgumentException("the model has no parameters to train");
    }
    EpochCalls calls = new EpochCalls(plan, summary, manager, weights, data, target);
    int rows = data.train().count();
    Restoration restored =
        saved == null ? null : Restoration.of(saved, manager, calls, weights, rows);
    observer.started(Devices.name(manager.getDevice()));
    TrainingResult result = new TrainingRun(plan, observer, weights, rows, calls, restored).run();
    return new DjlTrainedModel(manager, calls.script(), weights, input, result, data.scaling());
  }

  private static ModelSummary summary(TrainingPlan plan, Shape input) {
    Errors errors = new Errors();
    ModelSummary summary = plan.model().summarize(input, "/model", errors);
    errors.throwIfAny();
    return Objects.requireNonNull(summary);
  }

  private static Target target(TrainingPlan plan, ModelSummary summary) {
    Shape output = summary.outputShape();
    try {
      return plan.loss().accept(Objects.requireNonNull(output), plan.data().shape().target());
    } catch (ShapeMismatch e) {
      throw new IllegalArgumentException(e.detail(), e);
    }
  }

  private static TrainingFailure failure(Throwable e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof OutOfMemoryError || saysMemory(message)) {
      return new TrainingFailure(
          TrainingFailure.Reason.OUT_OF_MEMORY,
          "out of memory; a smaller batch_size or model needs less: " + reason(message));
    }
    // The document was checked: what torch still refuses are the values that came to an operator.
    return new TrainingFailure(
        TrainingFailure.Reason.DATA_ERROR, "PyTorch refused: " + reason(message));
  }

  /** The program that torch quotes has the word too, in {@code memory_format}. */
  private static boolean saysMemory(String message) {
    return reason(message).toLowerCase(Locale.ROOT).contains("memory")
        || message.contains("bad_alloc");
  }

  /** What torch says, without the program text that it quotes before. */
  static String reason(String message) {
    List<String> lines = message.lines().filter(line -> !line.isBlank()).toList();
    return lines.stream()
        .filter(line -> line.startsWith("RuntimeError: "))
        .map(line -> line.substring("RuntimeError: ".length()))
        .findFirst()
        .orElse(lines.isEmpty() ? "" : lines.get(0));
  }
}
