package io.trainyard.jobs.web;

import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.Jobs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The end of one job's log, read once and rendered once for all readers of the job on this server.
 * Who is behind what is kept here reads on from {@link EventPages}.
 */
final class EventFeed {
  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
  private static final long WINDOW_BYTES = 512 << 10;

  /** What comes within a rest goes out together: writing costs by the write, not by the event. */
  private static final long MIN_REST = Duration.ofMillis(5).toNanos();

  private static final long MAX_REST = Duration.ofMillis(100).toNanos();

  /** Rounds take a tenth of a thread's time, more only if the rest would be felt. */
  private static final int REST_PER_WORK = 9;

  /** So many rounds rest as little as may be: a job is seen to begin without delay. */
  private static final int PROMPT_ROUNDS = 10;

  private final String job;
  private final Jobs jobs;
  private final EventPages pages;
  private final Scheduler scheduler;
  private final Set<EventStream> readers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger changes = new AtomicInteger();
  private final Deque<EventChunk> window = new ArrayDeque<>();
  private long windowBytes;
  private long end = -1;
  private boolean complete;
  private boolean gone;
  private int rounds;
  private volatile long restUntil = System.nanoTime();

  EventFeed(String job, Jobs jobs, EventPages pages, Scheduler scheduler) {
    this.job = job;
    this.jobs = jobs;
    this.pages = pages;
    this.scheduler = scheduler;
  }

  /** Runs something on another thread, after a while. */
  interface Scheduler {
    void run(Runnable task, long delayNanos);
  }

  String job() {
    return job;
  }

  int size() {
    return readers.size();
  }

  void add(EventStream reader) {
    readers.add(reader);
  }

  void remove(EventStream reader) {
    readers.remove(reader);
  }

  void each(Consumer<EventStream> action) {
    readers.forEach(action);
  }

  /** There may be something to send: at once after a silence, soon after what was just sent. */
  void changed() {
    if (changes.getAndIncrement() == 0) {
      scheduler.run(this::round, restUntil - System.nanoTime());
    }
  }

  /** One at a time: the next one is begun by the change that finds none, or by the last one. */
  private void round() {
    int seen = changes.get();
    long begun = System.nanoTime();
    try {
      boolean more;
      do {
        more = read();
        each(EventStream::wake);
      } while (more);
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("events of {} cannot be read now: {}", job, e.toString());
    }
    long now = System.nanoTime();
    long rest =
        rounds++ < PROMPT_ROUNDS
            ? MIN_REST
            : Math.min(Math.max((now - begun) * REST_PER_WORK, MIN_REST), MAX_REST);
    restUntil = now + rest;
    if (!changes.compareAndSet(seen, 0)) {
      scheduler.run(this::round, rest);
    }
  }

  /**
   * Reads on, a page at most.
   *
   * @return whether there is more
   */
  private boolean read() {
    // Asked before the events are read: what a terminal job has recorded is then all there is.
    Jobs.Log log = jobs.log(job).orElse(null);
    if (log == null) {
      synchronized (this) {
        gone = true;
      }
      return false;
    }
    long from;
    synchronized (this) {
      if (end < 0) {
        end = log.last() - log.last() % EventPages.PAGE;
      }
      from = end;
    }
    if (log.last() > from) {
      List<JobEvent> events = jobs.eventsAfter(job, from, EventPages.PAGE);
      if (!events.isEmpty()) {
        append(EventChunk.of(events));
      }
    }
    synchronized (this) {
      complete = log.terminal() && end >= log.last();
      return end > from && end < log.last();
    }
  }

  private synchronized void append(EventChunk chunk) {
    window.addLast(chunk);
    windowBytes += chunk.size();
    end = chunk.last();
    while (windowBytes > WINDOW_BYTES && window.size() > 1) {
      windowBytes -= window.removeFirst().size();
    }
  }

  /** Whether {@link #next} answers without the database. */
  synchronized boolean covers(long cursor) {
    return gone || end < 0 || cursor >= (window.isEmpty() ? end : window.getFirst().first() - 1);
  }

  /** What follows {@code cursor}; null if nothing does yet. */
  @Nullable EventChunk next(long cursor) {
    if (!covers(cursor)) {
      return pages.after(job, cursor);
    }
    synchronized (this) {
      for (Iterator<EventChunk> latest = window.descendingIterator(); latest.hasNext(); ) {
        EventChunk chunk = latest.next();
        if (chunk.follows(cursor)) {
          return chunk;
        }
      }
      return null;
    }
  }

  /** Whether nothing will ever follow {@code cursor}. */
  synchronized boolean endsAt(long cursor) {
    return gone || (complete && cursor >= end);
  }
}
