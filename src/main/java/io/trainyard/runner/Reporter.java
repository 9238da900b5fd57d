package io.trainyard.runner;

import io.trainyard.runner.protocol.RunEvent;
import io.trainyard.runner.protocol.RunReply;
import io.trainyard.runner.protocol.RunReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events on a thread of its own. While one report is under way the next gathers, so an event
 * goes out at once when the server is idle and in batches when it is not. Without events it sends a
 * sign of life, whose answer brings what the runner is to do.
 */
final class Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
  private static final long HEARTBEAT_MILLIS = 500;

  /** So many reports follow each other at once: a job is seen to begin without delay. */
  private static final int PROMPT_BATCHES = 3;

  /** A first epoch that comes so soon goes along with the start of training, not after it. */
  private static final int FIRST_EPOCH_MILLIS = 5;

  private static final int SHORTEST_MILLIS = 10;
  private static final int LONGEST_MILLIS = 100;
  private static final int MAX_BATCH = 5000;
  private static final long RETRY_MILLIS = 200;

  private final ServerConnection server;
  private final Duration patience;
  private long heard = System.nanoTime();
  private final Thread thread = new Thread(this::run, "reporter");
  // Bounded: if the server falls far behind, training waits rather than memory growing.
  private final BlockingQueue<RunEvent> queue = new ArrayBlockingQueue<>(20_000);
  private final Semaphore last = new Semaphore(0);
  private volatile boolean closing;
  private volatile RunReply.Command command = RunReply.Command.CONTINUE;

  /**
   * @param patience how long to go on without the server; zero for ever
   */
  Reporter(ServerConnection server, Duration patience) {
    this.server = server;
    this.patience = patience;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void report(RunEvent event) {
    try {
      queue.put(event);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reporting", e);
    }
  }

  /** What the server last said. */
  RunReply.Command command() {
    return command;
  }

  /** Sends the last event and waits until the server has it. */
  void end(RunEvent.Ended event) throws InterruptedException {
    report(event);
    last.release();
    thread.join();
  }

  /** Waits until the server has what was reported; there is no last event. */
  void flush() throws InterruptedException {
    closing = true;
    last.release();
    thread.join();
  }

  private void run() {
    try {
      long batch = 1;
      boolean ended = false;
      while (!ended) {
        boolean closed = closing;
        List<RunEvent> events = take();
        ended =
            events.stream().anyMatch(RunEvent.Ended.class::isInstance)
                || (closed && events.isEmpty());
        // Signs of life are not numbered: they change nothing and may come twice.
        long number = events.isEmpty() ? 0 : batch++;
        send(new RunReport(number, Memory.residentBytes(), events));
        // Epochs may be shorter than a report: what comes meanwhile goes along with the next one.
        var unused = last.tryAcquire(pause(batch, events.size()), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Nobody would hear of the training any more.
      LOG.error("reporting failed", e);
      Runtime.getRuntime().halt(RunnerExit.BROKEN.code());
    }
  }

  /**
   * The time until the next report, in ms. Each costs the server a request and a transaction, and
   * both sides a processor that trains: the more epochs there are, the less they matter one by one.
   */
  private static int pause(long batch, int events) {
    if (batch <= PROMPT_BATCHES || events == MAX_BATCH) {
      return 0;
    }
    return Math.max(SHORTEST_MILLIS, Math.min(events, LONGEST_MILLIS));
  }

  private List<RunEvent> take() throws InterruptedException {
    List<RunEvent> events = new ArrayList<>();
    RunEvent first = queue.poll(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
    if (first != null) {
      events.add(first);
      RunEvent next =
          first instanceof RunEvent.Started
              ? queue.poll(FIRST_EPOCH_MILLIS, TimeUnit.MILLISECONDS)
              : null;
      if (next != null) {
        events.add(next);
      }
      queue.drainTo(events, MAX_BATCH - events.size());
    }
    return events;
  }

  /** Sends until the server has it: an event must not be lost to a broken connection. */
  private void send(RunReport report) throws InterruptedException {
    @Nullable IOException last = null;
    while (true) {
      try {
        command = server.report(report);
        heard = System.nanoTime();
        if (last != null) {
          LOG.info("the server is back");
        }
        return;
      } catch (ServerConnection.FencedException e) {
        LOG.warn("this attempt is fenced: {}", e.getMessage());
        Runtime.getRuntime().halt(RunnerExit.FENCED.code());
      } catch (IOException e) {
        if (last == null) {
          LOG.warn("the server cannot be reached: {}; trying again", e.toString());
        }
        last = e;
        if (!patience.isZero() && System.nanoTime() - heard >= patience.toNanos()) {
          LOG.error("no server for {} s; ending", patience.toSeconds());
          Runtime.getRuntime().halt(RunnerExit.ORPHANED.code());
        }
        if (report.events().isEmpty()) {
          return; // the next sign of life will do
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }
}
