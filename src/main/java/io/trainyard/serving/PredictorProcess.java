package io.trainyard.serving;

import io.trainyard.processes.ConnectedProcess;
import io.trainyard.processes.EngineProcess;
import io.trainyard.runner.PredictorMain;
import io.trainyard.runner.protocol.PredictorOrder;
import io.trainyard.runner.protocol.PredictorReply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A running predictor. Orders are sent without waiting for the replies to those before, and
 * answered one after the other.
 */
final class PredictorProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictorProcess.class);

  /** Of how often it is looked whether the present order takes too long. */
  private static final int LOOKS = 10;

  private final ConnectedProcess process;
  private final Object sending = new Object();
  private final Deque<Asked> asked = new ConcurrentLinkedDeque<>();
  private final AtomicInteger open = new AtomicInteger();

  /** When the present order began, by {@link System#nanoTime}. */
  private volatile long begun;

  private volatile boolean ended;
  private volatile boolean late;

  private record Asked(CompletableFuture<PredictorReply> reply, long limit) {}

  /** The process ended before it replied. */
  static final class EndedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final boolean atWork;
    private final boolean late;

    EndedException(boolean atWork, boolean late) {
      super("the predictor has ended");
      this.atWork = atWork;
      this.late = late;
    }

    /** Whether it was this order that was being done; the others only waited. */
    boolean atWork() {
      return atWork;
    }

    /** Whether it was ended because this order took too long. */
    boolean late() {
      return atWork && late;
    }
  }

  private PredictorProcess(ConnectedProcess process) {
    this.process = process;
  }

  /**
   * Starts a process and waits until it is ready.
   *
   * @param work a directory of its own
   * @param log what it prints
   * @throws IOException if it ends or does not connect
   */
  static PredictorProcess start(Path work, Path log, ServingProperties properties)
      throws IOException {
    EngineProcess.Program program =
        new EngineProcess.Program(
            PredictorMain.class, properties.heap(), properties.threads(), List.of());
    PredictorProcess started =
        new PredictorProcess(ConnectedProcess.start(work, log, program, properties.idle()));
    daemon("predictor-replies", started::read);
    long shortest = Math.min(properties.timeLimit().toMillis(), properties.loadLimit().toMillis());
    long pause = Math.max(1, shortest / LOOKS);
    daemon("predictor-watch", () -> started.watch(pause));
    return started;
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  boolean isAlive() {
    return !ended && process.isAlive();
  }

  /**
   * Sends an order.
   *
   * @param limit of the work on it; if it takes longer, the process is ended
   * @return the reply to come; fails with an {@link EndedException}
   */
  CompletableFuture<PredictorReply> send(PredictorOrder order, Duration limit) {
    CompletableFuture<PredictorReply> reply = new CompletableFuture<>();
    synchronized (sending) {
      if (open.getAndIncrement() == 0) {
        begun = System.nanoTime();
      }
      asked.add(new Asked(reply, limit.toNanos()));
      try {
        process.write(order);
      } catch (IOException e) {
        LOG.debug("an order could not be sent", e);
        process.kill(); // half an order may have been; the reader learns of the end
      }
    }
    if (ended) {
      giveUp(false);
    }
    return reply;
  }

  private void read() {
    try {
      while (true) {
        PredictorReply reply = process.read(PredictorReply.class);
        Asked first = asked.remove();
        begun = System.nanoTime();
        open.decrementAndGet();
        first.reply.complete(reply);
      }
    } catch (IOException | JacksonException e) {
      LOG.debug("the predictor's replies end", e);
    } finally {
      ended = true;
      process.close();
      giveUp(true);
    }
  }

  private void giveUp(boolean firstWasAtWork) {
    boolean atWork = firstWasAtWork;
    synchronized (sending) {
      for (Asked next = asked.poll(); next != null; next = asked.poll()) {
        next.reply.completeExceptionally(new EndedException(atWork, late));
        atWork = false;
      }
    }
  }

  private void watch(long pauseMillis) {
    while (!ended) {
      Asked first = asked.peek();
      if (first != null && open.get() > 0 && System.nanoTime() - begun > first.limit) {
        late = true;
        process.kill();
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** The exit code, once it has ended. */
  int exitCode() {
    return process.exitCode();
  }

  @Override
  public void close() {
    process.close();
  }
}
