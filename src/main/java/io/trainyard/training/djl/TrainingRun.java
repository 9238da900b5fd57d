package io.trainyard.training.djl;

import ai.djl.ndarray.NDList;
import io.trainyard.training.Checkpoint.Cause;
import io.trainyard.training.Epoch;
import io.trainyard.training.Scheduler;
import io.trainyard.training.TrainingObserver;
import io.trainyard.training.TrainingObserver.Command;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingProgress;
import io.trainyard.training.TrainingResult;
import io.trainyard.training.TrainingResult.End;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The epochs of one training: many to a call where they are short, else many calls to an epoch. */
final class TrainingRun {
  private final TrainingPlan plan;
  private final TrainingObserver observer;
  private final Weights weights;
  private final EpochCalls calls;
  private final EpochNumbers numbers;
  private final int rows;
  private final int batch;
  private final Monitor monitor;
  private final FiniteCopy finite;
  private final Checkpoints checkpoints;
  private final Scheduler.Rate rate;
  private final boolean watchesLoss;
  private final Pace trainingPace = new Pace();
  private final Pace evaluationPace = new Pace();
  private final NDList current;
  private @Nullable NDList best;
  private int finished;

  /**
   * Of the unfinished epoch: the first row that has not trained, the losses before it, the time.
   */
  private int row;

  private double lossSum;
  private double seconds;

  /**
   * @param rows that train
   * @param restored what to go on with, already in the weights; null to begin
   */
  TrainingRun(
      TrainingPlan plan,
      TrainingObserver observer,
      Weights weights,
      int rows,
      EpochCalls calls,
      @Nullable Restoration restored) {
    this.plan = plan;
    this.observer = observer;
    this.weights = weights;
    this.calls = calls;
    this.rows = rows;
    batch = calls.batch();
    numbers = new EpochNumbers(plan, calls, rows);
    monitor = new Monitor(plan);
    double lr = plan.optimizer().lr();
    Scheduler scheduler = plan.scheduler();
    rate = scheduler == null ? Scheduler.constant(lr) : scheduler.start(lr);
    watchesLoss = scheduler != null && scheduler.watchesLoss();
    TrainingProgress progress = null;
    if (restored != null) {
      progress = restored.progress();
      goOn(progress);
      best = restored.best();
    }
    finite = new FiniteCopy(calls, weights, finished);
    checkpoints = new Checkpoints(plan.checkpointing(), observer, calls, weights, progress);
    current = weights.all("current");
  }

  private void goOn(TrainingProgress progress) {
    finished = progress.epoch();
    row = progress.row();
    lossSum = progress.lossSum();
    seconds = progress.seconds();
    calls.resume(progress.step());
    if (progress.monitor() != null) {
      monitor.restore(progress.monitor());
    }
    if (progress.scheduler() != null) {
      rate.restore(progress.scheduler());
    }
  }

  TrainingResult run() {
    End end = End.COMPLETED;
    String detail = null;
    try {
      replay();
      while (finished < plan.epochs() && !monitor.exhausted()) {
        int together = together();
        if (together > 0) {
          whole(together);
        } else {
          finish(inParts());
        }
        finite.offer(finished);
        keep(checkpoints.due(finished));
      }
      if (finished < plan.epochs()) {
        end = End.EARLY_STOPPED;
      }
      if (best != null) {
        calls.copy(best, current);
      }
    } catch (Ended e) {
      end = e.end();
      detail = e.detail();
      if (end == End.DIVERGED) {
        int epoch = finite.restore();
        String kept = epoch == 0 ? "the initial parameters" : "the parameters after epoch " + epoch;
        detail += "; " + kept + " are kept";
      }
    }
    return new TrainingResult(end, finished, monitor.bestEpoch(), detail);
  }

  /** Brings torch's generator to where the training stopped. */
  private void replay() throws Ended {
    if (!calls.draws()) {
      return;
    }
    Pace pace = new Pace();
    int batches = calls.batches(rows);
    for (int done = 0; done < finished; ) {
      obey();
      long called = System.nanoTime();
      int epochs = Math.min(Math.max(1, pace.steps() / batches), finished - done);
      calls.replay(rows, epochs);
      pace.took(epochs * batches, System.nanoTime() - called);
      done += epochs;
    }
    if (row > 0) {
      calls.replay(row, 1);
    }
  }

  /** How many whole epochs the next call makes; 0 if one takes longer than a call should. */
  private int together() {
    if (row > 0) {
      return 0;
    }
    int fitting = trainingPace.steps() / stepsOfEpoch();
    boolean oneByOne = plan.earlyStopping() != null || watchesLoss;
    int most = Math.min(plan.epochs() - finished, checkpoints.epochsLeft(finished));
    return Math.min(fitting, oneByOne ? 1 : most);
  }

  /** An evaluated batch counts as a step, though it is shorter. */
  private int stepsOfEpoch() {
    return calls.batches(rows) + calls.evaluations();
  }

  private void finish(Epoch epoch) {
    finished++;
    if (monitor.improves(epoch)
        && plan.earlyStopping() != null
        && plan.earlyStopping().restoreBest()) {
      keepBest();
    }
    observer.epoch(epoch);
  }

  private void keepBest() {
    if (best == null) {
      best = weights.duplicate("best");
    } else {
      calls.copy(current, best);
    }
  }

  private void whole(int count) throws Ended {
    obey();
    double[] rates = new double[count];
    for (int i = 0; i < count; i++) {
      rates[i] = rate.lr();
      if (!watchesLoss) {
        rate.step(Double.NaN);
      }
    }
    long start = System.nanoTime();
    float[] values = calls.train(rates);
    long nanos = System.nanoTime() - start;
    trainingPace.took(count * stepsOfEpoch(), nanos);
    int losses = calls.batches(rows);
    int width = values.length / count;
    for (int i = 0; i < count; i++) {
      int begin = i * width;
      double total = numbers.add(0, values, begin, begin + losses, 0, finished + 1);
      List<float[]> evaluation = List.of(Arrays.copyOfRange(values, begin + losses, begin + width));
      Epoch epoch = numbers.epoch(finished + 1, total, evaluation, rates[i], nanos / 1e9 / count);
      if (watchesLoss) {
        rate.step(EpochNumbers.watched(epoch));
      }
      observer.progress(epoch.epoch(), 1);
      finish(epoch);
    }
  }

  private Epoch inParts() throws Ended {
    double lr = rate.lr();
    while (row < rows) {
      obey();
      keep(checkpoints.dueByTime());
      long called = System.nanoTime();
      int end = end(row, rows, trainingPace);
      float[] losses = calls.train(row, end, lr);
      lossSum = numbers.add(lossSum, losses, 0, losses.length, row, finished + 1);
      row = end;
      trainingPace.took(losses.length, spent(called));
      observer.progress(finished + 1, (double) end / rows);
    }
    List<float[]> evaluation = evaluateInParts();
    Epoch epoch = numbers.epoch(finished + 1, lossSum, evaluation, lr, seconds);
    rate.step(EpochNumbers.watched(epoch));
    row = 0;
    lossSum = 0;
    seconds = 0;
    return epoch;
  }

  private List<float[]> evaluateInParts() throws Ended {
    List<float[]> parts = new ArrayList<>();
    TrainingData.Rows evaluated = calls.evaluated();
    int count = evaluated == null ? 0 : evaluated.count();
    for (int begin = 0; begin < count; ) {
      obey();
      long called = System.nanoTime();
      int end = end(begin, count, evaluationPace);
      float[] values = calls.evaluate(begin, end);
      parts.add(values);
      begin = end;
      evaluationPace.took(values.length / calls.evaluationWidth(), spent(called));
    }
    return parts;
  }

  /** The time since a call of the unfinished epoch began. */
  private long spent(long called) {
    long nanos = System.nanoTime() - called;
    seconds += nanos / 1e9;
    return nanos;
  }

  private int end(int begin, int rows, Pace pace) {
    return (int) Math.min(rows, begin + (long) pace.steps() * batch);
  }

  /** Gives a checkpoint of where the training stands, if there is a cause. */
  private void keep(@Nullable Cause cause) {
    if (cause != null) {
      checkpoints.take(
          cause,
          new TrainingProgress(
              finished, row, calls.step(), lossSum, seconds, monitor.state(), rate.state()),
          best);
    }
  }

  private void obey() throws Ended {
    Command command = observer.command();
    if (command == Command.CHECKPOINT) {
      checkpoints.request();
    } else if (command == Command.PAUSE) {
      keep(Cause.PAUSE);
      throw new Ended(End.PAUSED, null);
    } else if (command == Command.CANCEL) {
      throw new Ended(End.CANCELLED, null);
    }
  }
}
