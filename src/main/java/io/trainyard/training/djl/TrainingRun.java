package io.trainyard.training.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.trainyard.training.Epoch;
import io.trainyard.training.Scheduler;
import io.trainyard.training.TrainingFailure;
import io.trainyard.training.TrainingObserver;
import io.trainyard.training.TrainingObserver.Command;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingResult;
import io.trainyard.training.TrainingResult.End;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The epochs of one training. */
final class TrainingRun {
  static final String ACCURACY = "accuracy";

  /** A command of the observer, on its way out of an epoch. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;
    private final End end;

    Ended(End end) {
      super(null, null, false, false);
      this.end = end;
    }
  }

  private final TrainingPlan plan;
  private final TrainingObserver observer;
  private final PtNDManager manager;
  private final Script script;
  private final Weights weights;
  private final TrainingData data;
  private final NDList fixed;
  private final NDList constants = new NDList();
  private final int batch;
  private final Monitor monitor;
  private final Scheduler.Rate rate;
  private final Pace trainingPace = new Pace();
  private final Pace evaluationPace = new Pace();
  private final NDList current;
  private @Nullable NDList best;
  private long step;

  TrainingRun(
      TrainingPlan plan,
      TrainingObserver observer,
      PtNDManager manager,
      Script script,
      Weights weights,
      TrainingData data) {
    this.plan = plan;
    this.observer = observer;
    this.manager = manager;
    this.script = script;
    this.weights = weights;
    this.data = data;
    Integer size = plan.batchSize();
    batch = size == null ? data.train().count() : Math.min(size, data.train().count());
    plan.loss()
        .constants()
        .values()
        .forEach(
            values ->
                constants.add(
                    manager
                        .create(values.stream().mapToDouble(v -> v).toArray())
                        .toType(DataType.FLOAT32, false)));
    fixed =
        weights
            .arguments()
            .addAll(weights.states(plan.optimizer()))
            .addAll(constants)
            .addAll(data.train().arguments());
    monitor = new Monitor(plan);
    double lr = plan.optimizer().lr();
    rate = plan.scheduler() == null ? Scheduler.constant(lr) : plan.scheduler().start(lr);
    current = weights.all("current");
  }

  TrainingResult run() throws TrainingFailure {
    int finished = 0;
    End end = End.COMPLETED;
    try {
      while (finished < plan.epochs() && end == End.COMPLETED) {
        Epoch epoch = epoch(finished + 1);
        finished++;
        boolean improves = monitor.improves(epoch);
        if (improves && restoresBest()) {
          keepBest();
        }
        observer.epoch(epoch);
        if (monitor.exhausted() && finished < plan.epochs()) {
          end = End.EARLY_STOPPED;
        }
      }
      if (best != null) {
        copy(best, current);
      }
    } catch (Ended e) {
      end = e.end;
    }
    return new TrainingResult(end, finished, monitor.bestEpoch());
  }

  private boolean restoresBest() {
    return plan.earlyStopping() != null && plan.earlyStopping().restoreBest();
  }

  private void keepBest() {
    if (best == null) {
      best = weights.duplicate("best");
    } else {
      copy(current, best);
    }
  }

  private void copy(NDList from, NDList to) {
    script.run("copy", new NDList(to).addAll(from), false).close();
  }

  private Epoch epoch(int number) throws TrainingFailure, Ended {
    long start = System.nanoTime();
    double lr = rate.lr();
    double trainLoss = train(number, lr);
    Double validationLoss = null;
    Map<String, Double> metrics = Map.of();
    boolean accuracy = plan.metrics().contains(ACCURACY);
    TrainingData.Rows rows = data.validation() == null ? data.train() : data.validation();
    if (data.validation() != null || accuracy) {
      double[] sums = evaluate(rows, accuracy);
      if (data.validation() != null) {
        validationLoss = plan.loss().summed() ? sums[0] : sums[0] / rows.count();
      }
      metrics = accuracy ? Map.of(ACCURACY, sums[1] / rows.count()) : metrics;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    double speed = data.train().count() / seconds;
    rate.step(validationLoss == null ? trainLoss : validationLoss);
    return new Epoch(number, trainLoss, validationLoss, lr, seconds, speed, metrics);
  }

  private double train(int epoch, double lr) throws TrainingFailure, Ended {
    int rows = data.train().count();
    double total = 0;
    try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
      NDList arguments = new NDList(fixed);
      if (plan.shuffle()) {
        arguments.add(Devices.onCpu(scope, cpu -> cpu.randomPermutation(rows)));
      }
      int begin = 0;
      while (begin < rows) {
        obey();
        long called = System.nanoTime();
        int end = end(begin, rows, trainingPace);
        float[] losses = call("train", arguments, true, begin, end, lr);
        for (int i = 0; i < losses.length; i++) {
          if (!Float.isFinite(losses[i])) {
            throw diverged(epoch, begin / batch + i + 1, losses[i]);
          }
          total += weighted(losses[i], begin + i * batch, rows);
        }
        step += losses.length;
        trainingPace.took(losses.length, System.nanoTime() - called);
        begin = end;
        observer.progress(epoch, (double) end / rows);
      }
    }
    return plan.loss().summed() ? total : total / rows;
  }

  /** Sums of the loss and of the rows that were right. */
  private double[] evaluate(TrainingData.Rows rows, boolean accuracy) throws Ended {
    double[] sums = new double[2];
    NDList arguments = weights.arguments().addAll(constants).addAll(rows.arguments());
    int perBatch = accuracy ? 2 : 1;
    int begin = 0;
    while (begin < rows.count()) {
      obey();
      long called = System.nanoTime();
      int end = end(begin, rows.count(), evaluationPace);
      float[] values = call("evaluate", arguments, false, begin, end, 0);
      for (int i = 0; i < values.length; i += perBatch) {
        sums[0] += weighted(values[i], begin + i / perBatch * batch, rows.count());
        sums[1] += accuracy ? values[i + 1] : 0;
      }
      evaluationPace.took(values.length / perBatch, System.nanoTime() - called);
      begin = end;
    }
    return sums;
  }

  private int end(int begin, int rows, Pace pace) {
    return (int) Math.min(rows, begin + (long) pace.steps() * batch);
  }

  private double weighted(float loss, int begin, int rows) {
    return plan.loss().summed() ? loss : (double) loss * Math.min(batch, rows - begin);
  }

  private float[] call(
      String method, NDList arguments, boolean training, int begin, int end, double lr) {
    try (PtNDManager scope = manager.newSubManager(ai.djl.Device.cpu())) {
      double[] control = ProgramText.control(begin, end, batch, step, lr);
      NDArray numbers = scope.create(control, new Shape(control.length));
      return script.run(method, new NDList(numbers).addAll(arguments), training).toFloatArray();
    }
  }

  private void obey() throws Ended {
    Command command = observer.command();
    if (command != Command.CONTINUE) {
      throw new Ended(command == Command.PAUSE ? End.PAUSED : End.CANCELLED);
    }
  }

  private static TrainingFailure diverged(int epoch, int step, float loss) {
    return new TrainingFailure(
        TrainingFailure.Reason.DIVERGED,
        "the loss became %s in epoch %d, step %d: lower lr or clip gradients"
            .formatted(Float.isNaN(loss) ? "NaN" : "infinite", epoch, step));
  }
}
