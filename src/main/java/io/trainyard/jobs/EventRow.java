package io.trainyard.jobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How events lie in their table: one to a row, except that epochs which are recorded together share
 * rows, because a row costs far more than what is in it. A shared row has the sequence, the epoch
 * and the time of its last event, and for each a line: its time, a blank, what it tells.
 *
 * @param events how many there are in the row, which follow each other
 */
record EventRow(
    long sequence,
    JobEvent.Type type,
    @Nullable Integer epoch,
    Instant at,
    String content,
    int events) {

  /** Who needs one event of a row reads all of them. */
  static final int MOST_EVENTS = 100;

  /** The rows of events that are recorded together. */
  static List<EventRow> of(List<JobEvent> events) {
    List<EventRow> rows = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= events.size(); to++) {
      boolean goesOn =
          to < events.size()
              && to - from < MOST_EVENTS
              && follows(events.get(to - 1), events.get(to));
      if (!goesOn) {
        rows.add(row(events.subList(from, to)));
        from = to;
      }
    }
    return rows;
  }

  private static boolean follows(JobEvent one, JobEvent next) {
    return one.epoch() != null
        && next.epoch() != null
        && next.epoch() == one.epoch() + 1
        && next.sequence() == one.sequence() + 1;
  }

  private static EventRow row(List<JobEvent> events) {
    JobEvent last = events.get(events.size() - 1);
    String content = last.content();
    if (events.size() > 1) {
      StringBuilder lines = new StringBuilder(events.size() * (content.length() + 40));
      for (JobEvent event : events) {
        lines.append(event.at()).append(' ').append(event.content()).append('\n');
      }
      content = lines.toString();
    }
    return new EventRow(
        last.sequence(), last.type(), last.epoch(), last.at(), content, events.size());
  }

  /** Adds the row's events to others. */
  void addTo(List<JobEvent> others) {
    if (events == 1) {
      others.add(new JobEvent(sequence, type, epoch, at, content));
      return;
    }
    int from = 0;
    for (int left = events - 1; left >= 0; left--) {
      int blank = content.indexOf(' ', from);
      int end = content.indexOf('\n', blank);
      others.add(
          new JobEvent(
              sequence - left,
              type,
              epoch == null ? null : Integer.valueOf(epoch - left),
              Instant.parse(content.substring(from, blank)),
              content.substring(blank + 1, end)));
      from = end + 1;
    }
  }
}
