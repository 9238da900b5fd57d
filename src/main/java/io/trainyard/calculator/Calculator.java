package io.trainyard.calculator;

import io.trainyard.artifacts.JobDirectories;
import io.trainyard.runner.protocol.CalculatorOrder;
import io.trainyard.runner.protocol.CalculatorReply;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/**
 * Has calculations done by the one calculator process, in the order in which they come. The process
 * is started when it is needed, and again when it has ended.
 */
@Service
public class Calculator implements DisposableBean {
  private static final Logger LOG = LoggerFactory.getLogger(Calculator.class);

  private final CalculatorProperties properties;
  private final JobDirectories directories;
  private final ApplicationEventPublisher publisher;
  private final Semaphore places;
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile @Nullable CalculatorProcess process;

  Calculator(
      CalculatorProperties properties,
      JobDirectories directories,
      ApplicationEventPublisher publisher) {
    this.properties = properties;
    this.directories = directories;
    this.publisher = publisher;
    this.places = new Semaphore(1 + properties.queue());
  }

  /**
   * Has a calculation done. It may be done twice: an order must have no effect but its reply.
   *
   * @return the reply; never {@link CalculatorReply.Failed}
   * @throws Problem of kind QUEUE_FULL if too many wait or this one waited too long, TIMEOUT if it
   *     takes too long, UNAVAILABLE if there is no process or it crashes
   */
  public CalculatorReply ask(CalculatorOrder order) {
    long asked = System.nanoTime();
    String outcome = Calculated.FAILED;
    try {
      CalculatorReply reply = queued(order);
      outcome = Calculated.DONE;
      return reply;
    } catch (Problem e) {
      outcome = e.kind().code();
      throw e;
    } finally {
      publisher.publishEvent(new Calculated(outcome, Duration.ofNanos(System.nanoTime() - asked)));
    }
  }

  private CalculatorReply queued(CalculatorOrder order) {
    if (!places.tryAcquire()) {
      throw new Problem(
          Problem.Kind.QUEUE_FULL,
          properties.queue() + " calculations are waiting already (trainyard.calculator.queue)");
    }
    try {
      if (!turn.tryLock(properties.timeLimit().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Problem(
            Problem.Kind.QUEUE_FULL, "other calculations took too long for this one's turn");
      }
      try {
        CalculatorReply reply = calculate(order);
        if (reply instanceof CalculatorReply.Failed failed) {
          throw new IllegalStateException("the calculator failed: " + failed.error());
        }
        return reply;
      } finally {
        turn.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.UNAVAILABLE, "the server is stopping");
    } finally {
      places.release();
    }
  }

  private CalculatorReply calculate(CalculatorOrder order) {
    CalculatorProcess running = process;
    if (running != null && running.isAlive()) {
      try {
        return running.ask(order, properties.timeLimit());
      } catch (CalculatorProcess.OverrunException e) {
        throw overrun(running);
      } catch (IOException e) {
        // It may have ended before it got the order, killed or idle.
        LOG.info("the calculator has ended; another one is started: {}", e.toString());
      }
    }
    CalculatorProcess started = restart();
    try {
      return started.ask(order, properties.timeLimit());
    } catch (CalculatorProcess.OverrunException e) {
      throw overrun(started);
    } catch (IOException e) {
      end(started);
      LOG.warn("the calculator crashed with exit code {}", started.exitCode(), e);
      throw new Problem(
          Problem.Kind.UNAVAILABLE,
          "the process that calculates crashed (exit code " + started.exitCode() + ")");
    }
  }

  private CalculatorProcess restart() {
    if (process != null) {
      end(process);
    }
    try {
      CalculatorProcess started =
          CalculatorProcess.start(
              directories.newWork(), directories.serviceLog("calculator"), properties);
      process = started;
      return started;
    } catch (IOException e) {
      LOG.error("the calculator cannot be started; see calculator.log", e);
      throw new Problem(
          Problem.Kind.UNAVAILABLE,
          "the process that calculates cannot be started; the server's log has the cause");
    }
  }

  private Problem overrun(CalculatorProcess late) {
    end(late);
    return new Problem(
        Problem.Kind.TIMEOUT,
        "not done within %d ms (trainyard.calculator.time-limit)"
            .formatted(properties.timeLimit().toMillis()));
  }

  private void end(CalculatorProcess ended) {
    ended.close();
    process = null;
  }

  @Override
  public void destroy() {
    CalculatorProcess running = process;
    if (running != null) {
      running.close();
    }
  }
}
