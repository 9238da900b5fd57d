package io.trainyard.serving;

import io.trainyard.runner.protocol.PredictorReply;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which models a process has in memory, or will have by the time that it comes to the next order.
 */
final class LoadedModels {
  private final long limit;

  /** The one not used for longest comes first. */
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private long bytes;

  /**
   * @param limit in bytes, of all together
   */
  LoadedModels(long limit) {
    this.limit = limit;
  }

  private record Entry(long bytes, CompletableFuture<PredictorReply> loaded) {}

  /** What comes of a model's load, if it was ordered and not taken back; it is used just now. */
  synchronized @Nullable CompletableFuture<PredictorReply> use(String key) {
    Entry entry = entries.remove(key);
    if (entry == null) {
      return null;
    }
    entries.put(key, entry);
    return entry.loaded;
  }

  /** As {@link #use}, but this is no use of it. */
  synchronized @Nullable CompletableFuture<PredictorReply> look(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.loaded;
  }

  /**
   * Takes away those not used for longest until there is room.
   *
   * @return what was taken away
   */
  synchronized List<String> makeRoom(long wanted) {
    List<String> gone = new ArrayList<>();
    Iterator<Map.Entry<String, Entry>> oldest = entries.entrySet().iterator();
    while (bytes + wanted > limit && oldest.hasNext()) {
      Map.Entry<String, Entry> next = oldest.next();
      bytes -= next.getValue().bytes;
      gone.add(next.getKey());
      oldest.remove();
    }
    return gone;
  }

  synchronized void add(String key, long size, CompletableFuture<PredictorReply> loaded) {
    entries.put(key, new Entry(size, loaded));
    bytes += size;
  }

  synchronized void remove(String key) {
    Entry gone = entries.remove(key);
    if (gone != null) {
      bytes -= gone.bytes;
    }
  }

  synchronized int count() {
    return entries.size();
  }

  synchronized long bytes() {
    return bytes;
  }
}
