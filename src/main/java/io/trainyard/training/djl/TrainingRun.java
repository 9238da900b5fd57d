package io.trainyard.training.djl;

import ai.djl.ndarray.NDList;
import io.trainyard.training.Epoch;
import io.trainyard.training.Scheduler;
import io.trainyard.training.TrainingObserver;
import io.trainyard.training.TrainingObserver.Command;
import io.trainyard.training.TrainingPlan;
import io.trainyard.training.TrainingResult;
import io.trainyard.training.TrainingResult.End;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The epochs of one training: many to a call where they are short, else many calls to an epoch. */
final class TrainingRun {

  /** The way out of an epoch that does not come to its end. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;
    private final End end;
    private final @Nullable String detail;

    Ended(End end, @Nullable String detail) {
      super(detail, null, false, false);
      this.end = end;
      this.detail = detail;
    }
  }

  private final TrainingPlan plan;
  private final TrainingObserver observer;
  private final Weights weights;
  private final EpochCalls calls;
  private final int rows;
  private final int batch;
  private final Monitor monitor;
  private final FiniteCopy finite;
  private final Scheduler.Rate rate;
  private final boolean watchesLoss;
  private final Pace trainingPace = new Pace();
  private final Pace evaluationPace = new Pace();
  private final NDList current;
  private @Nullable NDList best;
  private int finished;

  TrainingRun(
      TrainingPlan plan,
      TrainingObserver observer,
      Weights weights,
      TrainingData data,
      EpochCalls calls) {
    this.plan = plan;
    this.observer = observer;
    this.weights = weights;
    this.calls = calls;
    rows = data.train().count();
    batch = calls.batch();
    monitor = new Monitor(plan);
    finite = new FiniteCopy(calls, weights);
    double lr = plan.optimizer().lr();
    Scheduler scheduler = plan.scheduler();
    rate = scheduler == null ? Scheduler.constant(lr) : scheduler.start(lr);
    watchesLoss = scheduler != null && scheduler.watchesLoss();
    current = weights.all("current");
  }

  TrainingResult run() {
    End end = End.COMPLETED;
    String detail = null;
    try {
      while (finished < plan.epochs() && end == End.COMPLETED) {
        int together = together();
        if (together > 0) {
          whole(together);
        } else {
          finish(inParts());
        }
        finite.offer(finished);
        if (monitor.exhausted() && finished < plan.epochs()) {
          end = End.EARLY_STOPPED;
        }
      }
      if (best != null) {
        calls.copy(best, current);
      }
    } catch (Ended e) {
      end = e.end;
      detail = e.detail;
      if (end == End.DIVERGED) {
        int epoch = finite.restore();
        String kept = epoch == 0 ? "the initial parameters" : "the parameters after epoch " + epoch;
        detail += "; " + kept + " are kept";
      }
    }
    return new TrainingResult(end, finished, monitor.bestEpoch(), detail);
  }

  /** How many whole epochs the next call makes; 0 if one takes longer than a call should. */
  private int together() {
    int fitting = trainingPace.steps() / stepsOfEpoch();
    boolean oneByOne = plan.earlyStopping() != null || watchesLoss;
    return Math.min(fitting, oneByOne ? 1 : plan.epochs() - finished);
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
      double total = total(Arrays.copyOfRange(values, begin, begin + losses), 0);
      List<float[]> evaluation = new ArrayList<>();
      evaluation.add(Arrays.copyOfRange(values, begin + losses, begin + width));
      Epoch epoch = epoch(total, evaluation, rates[i], nanos / 1e9 / count);
      if (watchesLoss) {
        rate.step(watched(epoch));
      }
      observer.progress(epoch.epoch(), 1);
      finish(epoch);
    }
  }

  private Epoch inParts() throws Ended {
    long start = System.nanoTime();
    double lr = rate.lr();
    double total = 0;
    for (int begin = 0; begin < rows; ) {
      obey();
      long called = System.nanoTime();
      int end = end(begin, rows, trainingPace);
      float[] losses = calls.train(begin, end, lr);
      total += total(losses, begin);
      trainingPace.took(losses.length, System.nanoTime() - called);
      begin = end;
      observer.progress(finished + 1, (double) end / rows);
    }
    List<float[]> evaluation = evaluateInParts();
    Epoch epoch = epoch(total, evaluation, lr, (System.nanoTime() - start) / 1e9);
    rate.step(watched(epoch));
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
      evaluationPace.took(values.length / calls.evaluationWidth(), System.nanoTime() - called);
      begin = end;
    }
    return parts;
  }

  private Epoch epoch(double total, List<float[]> evaluation, double lr, double seconds)
      throws Ended {
    double trainLoss = plan.loss().summed() ? total : total / rows;
    Double validationLoss = null;
    Map<String, Double> metrics = Map.of();
    TrainingData.Rows evaluated = calls.evaluated();
    if (evaluated != null) {
      double[] sums = sums(evaluation, evaluated.count());
      if (plan.validationFraction() > 0) {
        validationLoss = plan.loss().summed() ? sums[0] : sums[0] / evaluated.count();
        if (!Double.isFinite(validationLoss)) {
          throw diverged("validation loss", validationLoss, "");
        }
      }
      if (calls.evaluationWidth() > 1) {
        metrics = Map.of(EpochCalls.ACCURACY, sums[1] / evaluated.count());
      }
    }
    double speed = rows / seconds;
    return new Epoch(finished + 1, trainLoss, validationLoss, lr, seconds, speed, metrics);
  }

  private static double watched(Epoch epoch) {
    Double validation = epoch.validationLoss();
    return validation == null ? epoch.trainLoss() : validation;
  }

  private int end(int begin, int rows, Pace pace) {
    return (int) Math.min(rows, begin + (long) pace.steps() * batch);
  }

  /** Of the evaluated rows: the loss, and the rows that were right. */
  private double[] sums(List<float[]> evaluation, int count) {
    double[] sums = new double[2];
    int width = calls.evaluationWidth();
    int begin = 0;
    for (float[] values : evaluation) {
      for (int i = 0; i < values.length; i += width) {
        sums[0] += weighted(values[i], begin, count);
        sums[1] += width > 1 ? values[i + 1] : 0;
        begin += batch;
      }
    }
    return sums;
  }

  /** The sum over the rows of an epoch's batches from the one that begins at a row. */
  private double total(float[] losses, int begin) throws Ended {
    double total = 0;
    for (int i = 0; i < losses.length; i++) {
      if (!Float.isFinite(losses[i])) {
        throw diverged("loss", losses[i], ", step " + (begin / batch + i + 1));
      }
      total += weighted(losses[i], begin + i * batch, rows);
    }
    return total;
  }

  private Ended diverged(String what, double value, String step) {
    String became = Double.isNaN(value) ? "NaN" : "infinite";
    return new Ended(
        End.DIVERGED,
        "the %s became %s in epoch %d%s: lower lr or clip gradients"
            .formatted(what, became, finished + 1, step));
  }

  private double weighted(float loss, int begin, int count) {
    return plan.loss().summed() ? loss : (double) loss * Math.min(batch, count - begin);
  }

  private void obey() throws Ended {
    Command command = observer.command();
    if (command != Command.CONTINUE) {
      throw new Ended(command == Command.PAUSE ? End.PAUSED : End.CANCELLED, null);
    }
  }
}
