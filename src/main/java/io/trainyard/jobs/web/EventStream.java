package io.trainyard.jobs.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * One reader of one job's events, written by one thread at a time and only while its connection
 * takes something: a reader that does not read holds no thread.
 */
final class EventStream implements WriteListener, AsyncListener {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final byte[] OPEN = "retry:3000\n:open\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PING = ":ping\n\n".getBytes(StandardCharsets.UTF_8);

  private final EventFeed feed;
  private final AsyncContext exchange;
  private final ServletOutputStream out;
  private final Executor executor;
  private final Consumer<EventStream> onEnd;

  /** Not 0 while a thread writes; from the beginning until the container says that it may. */
  private final AtomicInteger wakes = new AtomicInteger(1);

  private volatile long cursor;
  private volatile boolean pingDue;
  private volatile boolean leaving;
  private volatile boolean ended;
  private volatile boolean opened;
  private boolean greeted;
  private boolean unflushed;

  EventStream(
      EventFeed feed,
      long after,
      AsyncContext exchange,
      ServletOutputStream out,
      Executor executor,
      Consumer<EventStream> onEnd) {
    this.feed = feed;
    this.cursor = after;
    this.exchange = exchange;
    this.out = out;
    this.executor = executor;
    this.onEnd = onEnd;
  }

  EventFeed feed() {
    return feed;
  }

  /** There may be something to send. */
  void wake() {
    if (!ended && wakes.getAndIncrement() == 0) {
      proceed();
    }
  }

  void ping() {
    pingDue = true;
    wake();
  }

  /**
   * Ends the stream after what is just being written, so that the reader sees a whole event and the
   * end of the body, not a broken connection.
   */
  void leave() {
    leaving = true;
    if (!ended && wakes.getAndIncrement() == 0) {
      close();
    }
  }

  private void close() {
    ended = true;
    try {
      exchange.complete();
    } catch (IllegalStateException e) {
      LOG.debug("reader of {} was gone: {}", feed.job(), e.toString());
    }
  }

  @Override
  public void onWritePossible() {
    if (opened) {
      wake();
    } else {
      opened = true;
      proceed();
    }
  }

  @Override
  public void onError(Throwable error) {
    LOG.debug("reader of {} gone: {}", feed.job(), error.toString());
    ended = true;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    ended = true;
    onEnd.accept(this);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    close();
  }

  /** Completed here, or the container would try to send a page that tells of the error. */
  @Override
  public void onError(AsyncEvent event) {
    close();
    onEnd.accept(this);
  }

  @Override
  public void onStartAsync(AsyncEvent event) {}

  /** Here if it only takes a write, on a thread for it if the database has to be read. */
  private void proceed() {
    if (feed.covers(cursor)) {
      drain();
      return;
    }
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException e) {
      LOG.debug("the server is stopping");
      close();
    }
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
        LOG.debug("reader of {} gone: {}", feed.job(), e.toString());
        ended = true;
      } catch (DataAccessException | TransactionException e) {
        LOG.warn("events of {} cannot be read now: {}", feed.job(), e.toString());
      }
      if (leaving && !ended) {
        close();
      }
    } while (!wakes.compareAndSet(seen, 0));
  }

  /** When the connection takes no more, the container calls once it does. */
  private void send() throws IOException {
    while (!ended && !leaving && out.isReady()) {
      if (!greeted) {
        greeted = true;
        unflushed = true;
        out.write(OPEN);
        continue;
      }
      EventChunk chunk = feed.next(cursor);
      if (chunk != null) {
        chunk.writeAfter(cursor, out);
        cursor = chunk.last();
        unflushed = true;
      } else if (unflushed) {
        unflushed = false;
        out.flush();
      } else if (feed.endsAt(cursor)) {
        close();
      } else if (pingDue) {
        pingDue = false;
        out.write(PING);
        unflushed = true;
      } else {
        return;
      }
    }
  }
}
