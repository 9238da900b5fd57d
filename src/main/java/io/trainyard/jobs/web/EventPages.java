package io.trainyard.jobs.web;

import io.trainyard.jobs.JobEvent;
import io.trainyard.jobs.Jobs;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parts of stored logs for readers that are far behind. Whole pages never change and are kept for a
 * while: many readers that begin at the first event read the database once.
 */
final class EventPages {
  static final int PAGE = 500;
  private static final long KEPT_BYTES = 8 << 20;

  private final Jobs jobs;
  private final Map<Key, EventChunk> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;

  EventPages(Jobs jobs) {
    this.jobs = jobs;
  }

  private record Key(String job, long after) {}

  /** What follows {@code cursor}, to the end of its page at most; null if nothing does. */
  @Nullable EventChunk after(String job, long cursor) {
    Key key = new Key(job, cursor);
    synchronized (kept) {
      EventChunk known = kept.get(key);
      if (known != null) {
        return known;
      }
    }
    // To a multiple of the page, so that readers from anywhere meet on the same pages.
    int rest = PAGE - (int) (cursor % PAGE);
    List<JobEvent> events = jobs.eventsAfter(job, cursor, rest);
    if (events.isEmpty()) {
      return null;
    }
    EventChunk chunk = EventChunk.of(events);
    if (events.size() == PAGE) {
      keep(key, chunk);
    }
    return chunk;
  }

  private void keep(Key key, EventChunk chunk) {
    synchronized (kept) {
      EventChunk former = kept.put(key, chunk);
      keptBytes += chunk.size() - (former == null ? 0 : former.size());
      Iterator<EventChunk> eldest = kept.values().iterator();
      while (keptBytes > KEPT_BYTES && eldest.hasNext()) {
        keptBytes -= eldest.next().size();
        eldest.remove();
      }
    }
  }
}
