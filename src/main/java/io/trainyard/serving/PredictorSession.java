package io.trainyard.serving;

import io.trainyard.artifacts.JobDirectories;
import io.trainyard.runner.protocol.PredictorOrder;
import io.trainyard.runner.protocol.PredictorReply;
import io.trainyard.serving.PredictorProcess.EndedException;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The present process with the models that it has in memory, and who may give it an order. */
final class PredictorSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictorSession.class);

  private final ServingProperties properties;
  private final JobDirectories directories;

  /** Held for each order, so that models are as it needs them when it is sent; never for long. */
  private final ReentrantLock turn = new ReentrantLock(true);

  /** Held while a process is started, which may take as long as many orders. */
  private final ReentrantLock starting = new ReentrantLock(true);

  private volatile @Nullable Present present;

  PredictorSession(ServingProperties properties, JobDirectories directories) {
    this.properties = properties;
    this.directories = directories;
  }

  private record Present(PredictorProcess process, LoadedModels models) {
    boolean isAlive() {
      return process.isAlive();
    }
  }

  /**
   * Replies to come.
   *
   * @param loaded to the load that the order needs
   * @param reply to the order
   */
  record Sent(CompletableFuture<PredictorReply> loaded, CompletableFuture<PredictorReply> reply) {}

  /**
   * Starts the process if there is none.
   *
   * @throws Problem of kind UNAVAILABLE if it does not start
   */
  void start() throws InterruptedException {
    Present running = present;
    if (running != null && running.isAlive()) {
      return;
    }
    starting.lockInterruptibly();
    try {
      running = present;
      if (running == null || !running.isAlive()) {
        present = launch(running);
      }
    } finally {
      starting.unlock();
    }
  }

  /**
   * Sends an order if its model is in memory.
   *
   * @param order null if it is only about the model
   * @return null if the model is not in memory
   * @throws EndedException if there is no process
   */
  @Nullable Sent send(ServedModel model, PredictorOrder.@Nullable Predict order, long deadline)
      throws InterruptedException, EndedException {
    take(deadline);
    try {
      Present running = running();
      CompletableFuture<PredictorReply> loaded = running.models.use(model.key());
      return loaded == null ? null : send(running, loaded, order);
    } finally {
      turn.unlock();
    }
  }

  /**
   * Has a model loaded in place of those not used for longest, and sends an order at once: no other
   * model can take its place in between.
   *
   * @throws EndedException if there is no process
   */
  Sent loadAndSend(
      ServedModel model, Path file, PredictorOrder.@Nullable Predict order, long deadline)
      throws InterruptedException, EndedException {
    take(deadline);
    try {
      Present running = running();
      for (String gone : running.models.makeRoom(model.bytes())) {
        var unused = running.process.send(new PredictorOrder.Unload(gone), properties.loadLimit());
      }
      PredictorOrder.Load load =
          new PredictorOrder.Load(
              model.key(),
              model.card().model(),
              model.card().inputShape(),
              model.card().scaling(),
              file.toString());
      CompletableFuture<PredictorReply> loaded = running.process.send(load, properties.loadLimit());
      running.models.add(model.key(), model.bytes(), loaded);
      return send(running, loaded, order);
    } finally {
      turn.unlock();
    }
  }

  private Sent send(
      Present to,
      CompletableFuture<PredictorReply> loaded,
      PredictorOrder.@Nullable Predict order) {
    return new Sent(
        loaded, order == null ? loaded : to.process.send(order, properties.timeLimit()));
  }

  /** A model turned out not to be in memory. */
  void forget(String key) {
    Present running = present;
    if (running != null) {
      running.models.remove(key);
    }
  }

  /** What comes of a model's load; null if the process has it not in memory. */
  @Nullable CompletableFuture<PredictorReply> look(String key) {
    Present running = present;
    return running != null && running.isAlive() ? running.models.look(key) : null;
  }

  int models() {
    Present running = present;
    return running != null && running.isAlive() ? running.models.count() : 0;
  }

  long bytes() {
    Present running = present;
    return running != null && running.isAlive() ? running.models.bytes() : 0;
  }

  private Present running() throws EndedException {
    Present running = present;
    if (running == null || !running.isAlive()) {
      throw new EndedException(false, false);
    }
    return running;
  }

  private Present launch(@Nullable Present former) {
    if (former != null) {
      former.process.close();
      LOG.info("the predictor has ended (exit code {})", former.process.exitCode());
    }
    try {
      PredictorProcess started =
          PredictorProcess.start(
              directories.newWork(), directories.serviceLog("predictor"), properties);
      return new Present(started, new LoadedModels(properties.memory().toBytes()));
    } catch (IOException e) {
      LOG.error("the predictor cannot be started; see predictor.log", e);
      throw new Problem(
          Problem.Kind.UNAVAILABLE,
          "the process that predicts cannot be started; the server's log has the cause");
    }
  }

  private void take(long deadline) throws InterruptedException {
    if (!turn.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw Predictor.waitedTooLong();
    }
  }

  @Override
  public void close() {
    Present running = present;
    if (running != null) {
      running.process.close();
    }
  }
}
