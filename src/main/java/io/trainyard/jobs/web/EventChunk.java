package io.trainyard.jobs.web;

import io.trainyard.jobs.JobEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Successive events of a log as they go over the wire, made once for all readers. */
final class EventChunk {
  private final long first;
  private final byte[] bytes;

  /** Where each event ends. */
  private final int[] ends;

  private EventChunk(long first, byte[] bytes, int[] ends) {
    this.first = first;
    this.bytes = bytes;
    this.ends = ends;
  }

  /** Of at least one event; sequence numbers have no gaps. */
  static EventChunk of(List<JobEvent> events) {
    StringBuilder text = new StringBuilder(events.size() * 256);
    byte[][] parts = new byte[events.size()][];
    int[] ends = new int[events.size()];
    int length = 0;
    for (int i = 0; i < parts.length; i++) {
      JobEvent event = events.get(i);
      text.setLength(0);
      text.append("id:").append(event.sequence());
      text.append("\nevent:").append(event.type().word());
      text.append("\ndata:").append(EventView.text(event)).append("\n\n");
      parts[i] = text.toString().getBytes(StandardCharsets.UTF_8);
      length += parts[i].length;
      ends[i] = length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return new EventChunk(events.get(0).sequence(), all.array(), ends);
  }

  /** The sequence number of the first event. */
  long first() {
    return first;
  }

  /** The sequence number of the last event. */
  long last() {
    return first + ends.length - 1;
  }

  int size() {
    return bytes.length;
  }

  /** Whether a reader that has the events up to {@code cursor} finds the next one here. */
  boolean follows(long cursor) {
    return first <= cursor + 1 && cursor < last();
  }

  /** Writes the events after {@code cursor}. */
  void writeAfter(long cursor, OutputStream out) throws IOException {
    int from = cursor < first ? 0 : ends[(int) (cursor - first)];
    out.write(bytes, from, bytes.length - from);
  }
}
