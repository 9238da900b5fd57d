package io.trainyard.jobs.web;

import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.Jobs;
import io.trainyard.limits.LimitProperties;
import io.trainyard.shared.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The open event streams. Each has a cursor into the stored log, whose end the streams of a job
 * share; so a slow reader holds back only itself, and any server can serve any job: changes made
 * here wake at once, changes made by other servers are found by looking twice a second.
 */
@Component
public class EventStreams {
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** None waits for a reader, so a few do for any number of them. */
  private static final int THREADS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  private final Jobs jobs;
  private final EventPages pages;
  private final StreamPlaces places;
  private final Map<String, EventFeed> byJob = new ConcurrentHashMap<>();
  private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, named("sse"));
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(named("sse-clock"));
  private final AtomicBoolean closed = new AtomicBoolean();

  EventStreams(Jobs jobs, LimitProperties limits) {
    this.jobs = jobs;
    this.places = new StreamPlaces(limits.streams(), limits.streamsPerClient());
    this.pages = new EventPages(jobs);
    var unused =
        clock.scheduleWithFixedDelay(
            () -> byJob.values().forEach(EventFeed::changed),
            LOOK.toMillis(),
            LOOK.toMillis(),
            TimeUnit.MILLISECONDS);
    var unusedToo =
        clock.scheduleWithFixedDelay(
            () -> each(EventStream::ping),
            HEARTBEAT.toSeconds(),
            HEARTBEAT.toSeconds(),
            TimeUnit.SECONDS);
  }

  /** How many streams are open. */
  public int subscribers() {
    return byJob.values().stream().mapToInt(EventFeed::size).sum();
  }

  /**
   * A place for a stream of a client.
   *
   * @throws Problem of kind TOO_MANY_REQUESTS if the client has too many streams, UNAVAILABLE if
   *     all clients together have
   */
  StreamPlaces.Place take(String client) {
    return places.take(client);
  }

  /** Sends the events after a sequence number to the end of the job, the reader or the server. */
  void open(
      String job,
      long after,
      StreamPlaces.Place place,
      AsyncContext exchange,
      ServletOutputStream out) {
    AtomicReference<EventStream> opened = new AtomicReference<>();
    EventFeed feed =
        byJob.compute(
            job,
            (id, present) -> {
              EventFeed joined =
                  present == null ? new EventFeed(id, jobs, pages, this::run) : present;
              EventStream stream =
                  new EventStream(
                      joined,
                      after,
                      exchange,
                      out,
                      workers,
                      ended -> {
                        remove(ended);
                        place.giveBack();
                      });
              joined.add(stream);
              opened.set(stream);
              return joined;
            });
    EventStream stream = Objects.requireNonNull(opened.get());
    exchange.setTimeout(LIFETIME.toMillis());
    exchange.addListener(stream);
    out.setWriteListener(stream);
    if (closed.get()) {
      stream.leave();
    }
    feed.changed();
  }

  @TransactionalEventListener(fallbackExecution = true)
  void changed(JobChanged change) {
    EventFeed feed = byJob.get(change.job().id());
    if (feed != null && !change.events().isEmpty()) {
      feed.changed();
    }
  }

  /** Open streams would hold back a graceful shutdown until their lifetime is over. */
  @EventListener(ContextClosedEvent.class)
  void close() {
    if (closed.compareAndSet(false, true)) {
      clock.shutdown(); // without an interrupt, which would close H2's file in mid-read
      each(EventStream::leave);
      workers.shutdown();
    }
  }

  private void run(Runnable task, long delayNanos) {
    try {
      if (delayNanos <= 0) {
        workers.execute(task);
      } else {
        var unused = clock.schedule(() -> workers.execute(task), delayNanos, TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("the server is stopping");
    }
  }

  private void each(Consumer<EventStream> action) {
    byJob.values().forEach(feed -> feed.each(action));
  }

  private void remove(EventStream stream) {
    byJob.computeIfPresent(
        stream.feed().job(),
        (id, feed) -> {
          feed.remove(stream);
          return feed.size() == 0 ? null : feed;
        });
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
