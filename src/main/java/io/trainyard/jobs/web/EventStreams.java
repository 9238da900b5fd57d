package io.trainyard.jobs.web;

import io.trainyard.jobs.JobChanged;
import io.trainyard.jobs.Jobs;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The open event streams. Each has a cursor into the stored log and reads on from there when it is
 * woken, so a slow reader holds back only itself, and any server can serve any job: changes made
 * here wake at once, changes made by other servers are found by looking twice a second.
 */
@Component
public class EventStreams {
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** Writing blocks on a reader's connection; this many may be slow at a time. */
  private static final int WRITERS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  private final Jobs jobs;
  private final Map<String, Set<EventStream>> byJob = new ConcurrentHashMap<>();
  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS, named("sse"));
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(named("sse-clock"));
  private final AtomicBoolean closed = new AtomicBoolean();

  EventStreams(Jobs jobs) {
    this.jobs = jobs;
    var unused =
        clock.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    var unusedToo =
        clock.scheduleWithFixedDelay(
            () -> each(EventStream::ping),
            HEARTBEAT.toSeconds(),
            HEARTBEAT.toSeconds(),
            TimeUnit.SECONDS);
  }

  /** How many streams are open. */
  public int subscribers() {
    return byJob.values().stream().mapToInt(Set::size).sum();
  }

  SseEmitter open(String job, long after) {
    SseEmitter emitter = new SseEmitter(LIFETIME.toMillis());
    EventStream stream = new EventStream(job, after, emitter, jobs, writers);
    byJob.computeIfAbsent(job, id -> ConcurrentHashMap.newKeySet()).add(stream);
    emitter.onCompletion(() -> remove(stream));
    emitter.onTimeout(emitter::complete);
    emitter.onError(error -> remove(stream));
    if (closed.get()) {
      emitter.complete();
    } else {
      stream.wake();
    }
    return emitter;
  }

  @TransactionalEventListener(fallbackExecution = true)
  void changed(JobChanged change) {
    Set<EventStream> streams = byJob.get(change.job().id());
    if (streams != null && !change.events().isEmpty()) {
      streams.forEach(EventStream::wake);
    }
  }

  /** Open streams would hold back a graceful shutdown until their lifetime is over. */
  @EventListener(ContextClosedEvent.class)
  void close() {
    if (closed.compareAndSet(false, true)) {
      clock.shutdown(); // without an interrupt, which would close H2's file in mid-read
      each(EventStream::close);
      writers.shutdown();
    }
  }

  private void look() {
    byJob.forEach(
        (job, streams) -> {
          try {
            long last = jobs.lastSequence(job);
            streams.forEach(stream -> stream.wakeIfBehind(last));
          } catch (RuntimeException e) {
            LOG.warn("the event log cannot be read now: {}", e.toString());
          }
        });
  }

  private void each(Consumer<EventStream> action) {
    byJob.values().forEach(streams -> streams.forEach(action));
  }

  private void remove(EventStream stream) {
    byJob.computeIfPresent(
        stream.job(),
        (id, streams) -> {
          streams.remove(stream);
          return streams.isEmpty() ? null : streams;
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
