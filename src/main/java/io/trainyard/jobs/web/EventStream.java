package io.trainyard.jobs.web;

import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.Jobs;
import io.trainyard.shared.Json;
import io.trainyard.shared.Problem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One reader of one job's events, written by one thread at a time. */
final class EventStream {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final int PAGE = 500;
  private static final long RETRY_MILLIS = 3000;

  private final String job;
  private final SseEmitter emitter;
  private final Jobs jobs;
  private final Executor writers;
  private final AtomicInteger wakes = new AtomicInteger();
  private volatile boolean pingDue;
  private volatile boolean ended;
  private boolean opened;
  private volatile long cursor;

  EventStream(String job, long after, SseEmitter emitter, Jobs jobs, Executor writers) {
    this.job = job;
    this.cursor = after;
    this.emitter = emitter;
    this.jobs = jobs;
    this.writers = writers;
  }

  String job() {
    return job;
  }

  /** There may be something to send. */
  void wake() {
    if (!ended && wakes.getAndIncrement() == 0) {
      try {
        writers.execute(this::drain);
      } catch (RejectedExecutionException e) {
        LOG.debug("the server is stopping");
      }
    }
  }

  /** As {@link #wake}, if the log goes on to {@code last} or the job is no more (-1). */
  void wakeIfBehind(long last) {
    if (last < 0 || last > cursor) {
      wake();
    }
  }

  void ping() {
    pingDue = true;
    wake();
  }

  void close() {
    ended = true;
    emitter.complete();
  }

  /** Sends until no wake came while sending: none is lost, and only one thread writes. */
  private void drain() {
    int seen;
    do {
      seen = wakes.get();
      try {
        send();
      } catch (IOException | IllegalStateException e) {
        // The reader is gone; the container completes the exchange.
        LOG.debug("reader of {} gone: {}", job, e.toString());
        ended = true;
      } catch (DataAccessException | TransactionException e) {
        LOG.warn("events of {} cannot be read now: {}", job, e.toString());
      }
    } while (!wakes.compareAndSet(seen, 0));
  }

  private void send() throws IOException {
    if (ended) {
      return;
    }
    if (!opened) {
      opened = true;
      emitter.send(SseEmitter.event().reconnectTime(RETRY_MILLIS).comment("open"));
    }
    boolean terminal = terminal();
    List<JobEvent> events;
    do {
      events = jobs.eventsAfter(job, cursor, PAGE);
      for (JobEvent event : events) {
        emitter.send(
            SseEmitter.event()
                .id(Long.toString(event.sequence()))
                .name(event.type().word())
                .data(Json.write(EventView.of(event))));
        cursor = event.sequence();
      }
    } while (events.size() == PAGE);
    if (terminal) {
      close();
    } else if (pingDue) {
      pingDue = false;
      emitter.send(SseEmitter.event().comment("ping"));
    }
  }

  /** Asked before the events are read: what a terminal job has recorded is then all there is. */
  private boolean terminal() {
    try {
      return jobs.get(job).state().terminal();
    } catch (Problem e) {
      return true; // deleted
    }
  }
}
