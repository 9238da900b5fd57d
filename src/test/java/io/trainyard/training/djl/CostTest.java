package io.trainyard.training.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.training.TrainingPlan;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What a step costs beside its arithmetic: in counts and ratios, which hold on any machine. */
class CostTest {
  private static final int EPOCHS = 4000;

  private final ObjectNode job = Plans.document();

  /** Counts the calls of the script: before each, the observer is asked for its command. */
  private static final class Counter extends Recorder {
    private int calls;

    @Override
    public Command command() {
      calls++;
      return Command.CONTINUE;
    }
  }

  @Test
  void shortEpochsShareACall() throws Exception {
    job.putNull("batch_size");
    job.put("epochs", EPOCHS);
    Counter counter = new Counter();
    new DjlTrainingEngine(1).train(Plans.plan(job), counter).close();
    assertThat(counter.epochs).hasSize(EPOCHS);
    assertThat(counter.calls).isLessThan(EPOCHS / 10);
  }

  @Test
  void shortEpochsShareACallWithTheirValidation() throws Exception {
    job.put("epochs", EPOCHS);
    job.set("validation", Plans.json("{\"fraction\": 0.2}"));
    job.set("metrics", Plans.json("[\"accuracy\"]"));
    Counter counter = new Counter();
    new DjlTrainingEngine(1).train(Plans.plan(job), counter).close();
    assertThat(counter.calls).isLessThan(EPOCHS / 10);
    assertThat(counter.epochs).allMatch(e -> e.validationLoss() != null);
  }

  @Test
  void stepsAllocateNothingInJava() throws Exception {
    job.withObject("/dataset").put("samples", 160_000);
    job.put("epochs", 2);
    TrainingPlan plan = Plans.plan(job);
    new DjlTrainingEngine(1).train(Plans.plan(Plans.document()), new Recorder()).close();
    long before = allocated();
    new DjlTrainingEngine(1).train(plan, new Recorder()).close();
    long steps = 2 * 160_000 / 16;
    // The loss comes back as a float; arguments and results of a call are shared by its steps.
    assertThat((allocated() - before) / steps).isLessThan(500);
  }

  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** By turns, the fastest of several rounds each: measured, it is a fifth to a third. */
  @Test
  void ownGradientsCostLessThanAutograds() throws Exception {
    ObjectNode left = Plans.document();
    // A layer without gradients of its own leaves all to autograd; dropping nothing, it changes
    // nothing else.
    left.withArray("/model/layers").insert(1, Plans.json("{\"type\": \"Dropout\", \"p\": 0.0}"));
    double own = Double.MAX_VALUE;
    double autograd = Double.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      own = Math.min(own, fastestEpoch(job));
      autograd = Math.min(autograd, fastestEpoch(left));
    }
    assertThat(own / autograd).isLessThan(0.8);
  }

  private static double fastestEpoch(ObjectNode job) throws Exception {
    job.put("epochs", 30);
    job.withObject("/dataset").put("samples", 1600);
    Recorder recorder = new Recorder();
    new DjlTrainingEngine(1).train(Plans.plan(job), recorder).close();
    return recorder.epochs.stream().mapToDouble(e -> e.durationSeconds()).min().orElseThrow();
  }
}
