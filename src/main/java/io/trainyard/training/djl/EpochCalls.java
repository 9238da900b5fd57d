package io.trainyard.training.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.trainyard.datasets.Target;
import io.trainyard.models.ModelSummary;
import io.trainyard.training.FeatureScaling;
import io.trainyard.training.TrainingPlan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan's script with its arrays: what calls of it do, in numbers. */
final class EpochCalls {
  static final String ACCURACY = "accuracy";

  private final PtNDManager manager;
  private final Script script;
  private final boolean autograd;
  private final Map<String, NDArray> states;
  private final Draws draws;
  private final @Nullable NDArray order;
  private final NDList training;
  private final NDList evaluation;
  private final TrainingData.@Nullable Rows evaluated;
  private final int rows;
  private final int batch;
  private final boolean accuracy;
  private final @Nullable FeatureScaling scaling;
  private long step;

  /**
   * Compiles a plan.
   *
   * @param summary of the plan's model
   * @param target as the loss takes it
   */
  EpochCalls(
      TrainingPlan plan,
      ModelSummary summary,
      PtNDManager manager,
      Weights weights,
      TrainingData data,
      Target target) {
    this.manager = manager;
    scaling = data.scaling();
    rows = data.train().count();
    batch = plan.batchSize() == null ? rows : Math.min(plan.batchSize(), rows);
    accuracy = plan.metrics().contains(ACCURACY);
    evaluated = data.validation() != null ? data.validation() : accuracy ? data.train() : null;
    NDList constants = constants(plan, manager);
    states = weights.states(plan.optimizer());
    draws = new Draws(plan, summary, rows, batch);
    training =
        weights
            .arguments()
            .addAll(new NDList(states.values()))
            .addAll(constants)
            .addAll(data.train().arguments());
    order = plan.shuffle() ? manager.zeros(new Shape(rows), DataType.INT64) : null;
    if (order != null) {
      training.add(order);
    }
    evaluation = weights.arguments().addAll(constants);
    if (evaluated != null) {
      training.addAll(evaluated.arguments());
      evaluation.addAll(evaluated.arguments());
    }
    Products products = Products.on(manager.getDevice(), batch);
    Backpropagation backpropagation =
        Backpropagation.of(plan.model(), plan.loss(), target, products);
    autograd = backpropagation.autograd();
    long rowSize = plan.data().shape().input().elements();
    ProgramText text =
        new ProgramText(plan.model())
            .predict()
            .copy()
            .finite()
            .train(
                plan.loss(),
                backpropagation,
                plan.optimizer(),
                plan.gradientClipping(),
                new Steps(rows, rowSize, batch, plan.shuffle()),
                evaluated != null)
            .evaluate(plan.loss(), batch, accuracy, products);
    script = Script.load(manager, text.text() + draws.text());
  }

  private static NDList constants(TrainingPlan plan, PtNDManager manager) {
    NDList constants = new NDList();
    for (var values : plan.loss().constants().values()) {
      double[] numbers = values.stream().mapToDouble(v -> v).toArray();
      constants.add(manager.create(numbers).toType(DataType.FLOAT32, false));
    }
    return constants;
  }

  Script script() {
    return script;
  }

  /** Of the rows that it trains on, before they come here; null if there is none. */
  @Nullable FeatureScaling scaling() {
    return scaling;
  }

  /** The optimizer's states by their names in a checkpoint. */
  Map<String, NDArray> states() {
    return states;
  }

  int batch() {
    return batch;
  }

  /** Updates made. */
  long step() {
    return step;
  }

  /** Goes on after so many updates. */
  void resume(long step) {
    this.step = step;
  }

  /** Whether an epoch draws from torch's generator. */
  boolean draws() {
    return draws.any();
  }

  /** Draws what epochs would draw for the rows up to {@code end}, without training. */
  void replay(int end, int epochs) {
    double[] control = ProgramText.control(0, end, false, 0, new double[epochs]);
    try (PtNDManager cpu = manager.newSubManager(Device.cpu());
        PtNDManager scope = manager.newSubManager(manager.getDevice())) {
      NDList arguments = new NDList(cpu.create(control), scope.create(0f));
      if (draws.largest() > 0) {
        arguments.add(scope.zeros(new Shape(draws.largest())));
      }
      if (order != null) {
        arguments.add(order);
      }
      script.run(Draws.METHOD, arguments, false);
    }
  }

  /** The rows that each epoch ends with an evaluation of; null if there is none. */
  TrainingData.@Nullable Rows evaluated() {
    return evaluated;
  }

  /** Batches in an epoch's evaluation. */
  int evaluations() {
    return evaluated == null ? 0 : batches(evaluated.count());
  }

  /** Numbers that an evaluation gives per batch: the loss, and what {@code accuracy} counts. */
  int evaluationWidth() {
    return accuracy ? 2 : 1;
  }

  int batches(int rows) {
    return (rows + batch - 1) / batch;
  }

  /**
   * A part of one epoch, which begins at the first row or where the last call ended.
   *
   * @return losses of the batches
   */
  float[] train(int begin, int end, double rate) {
    float[] losses = run("train", training, begin, end, false, rate);
    step += losses.length;
    return losses;
  }

  /**
   * Whole epochs.
   *
   * @param rates one for each
   * @return per epoch the losses of the batches and what its evaluation gives
   */
  float[] train(double[] rates) {
    float[] values = run("train", training, 0, rows, evaluated != null, rates);
    step += (long) rates.length * batches(rows);
    return values;
  }

  /** Per batch of the evaluated rows from begin to end, {@link #evaluationWidth()} numbers. */
  float[] evaluate(int begin, int end) {
    return run("evaluate", evaluation, begin, end, false);
  }

  private float[] run(
      String method, NDList arguments, int begin, int end, boolean evaluates, double... rates) {
    double[] control = ProgramText.control(begin, end, evaluates, step, rates);
    try (PtNDManager scope = manager.newSubManager(Device.cpu())) {
      NDList all = new NDList(scope.create(control, new Shape(control.length)));
      boolean gradients = autograd && method.equals("train");
      return script.run(method, all.addAll(arguments), gradients).toFloatArray();
    }
  }

  void copy(NDList from, NDList to) {
    script.run("copy", new NDList(to).addAll(from), false).close();
  }

  /** Whether all numbers of arrays are finite. */
  boolean finite(NDList arrays) {
    try (var answer = script.run("finite", arrays, false)) {
      return answer.getBoolean();
    }
  }
}
