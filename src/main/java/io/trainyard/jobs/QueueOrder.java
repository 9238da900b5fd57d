package io.trainyard.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Who waits, in the order of the queue. Counting in the database costs the length of the queue each
 * time; so this server follows its own changes, and reads again when what others may have changed
 * is a second old.
 */
@Component
class QueueOrder implements SmartInitializingSingleton {
  private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

  private final JobRepository jobs;
  private List<Place> waiting = new ArrayList<>();
  private final List<Job> changedWhileReading = new ArrayList<>();
  private boolean reading;
  private volatile long readAt;

  QueueOrder(JobRepository jobs) {
    this.jobs = jobs;
  }

  /** A waiting job's place in the order. */
  record Place(int priority, Instant createdAt, String id, String owner)
      implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::priority)
            .reversed()
            .thenComparing(Place::createdAt)
            .thenComparing(Place::id);

    static Place of(Job job) {
      return new Place(job.spec().priority(), job.spec().createdAt(), job.id(), job.spec().owner());
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  @Override
  public void afterSingletonsInstantiated() {
    read();
  }

  /** How many jobs wait. */
  int size() {
    refresh();
    synchronized (this) {
      return waiting.size();
    }
  }

  /** How many jobs of an owner wait. */
  long size(String owner) {
    refresh();
    synchronized (this) {
      return waiting.stream().filter(place -> place.owner().equals(owner)).count();
    }
  }

  /** How many jobs wait before this one. */
  int ahead(Job job) {
    refresh();
    synchronized (this) {
      int found = Collections.binarySearch(waiting, Place.of(job));
      return found >= 0 ? found : -found - 1;
    }
  }

  /** Before those who take jobs from the queue hear of it. */
  @Order(Ordered.HIGHEST_PRECEDENCE)
  @TransactionalEventListener(fallbackExecution = true)
  synchronized void changed(JobChanged change) {
    if (change.events().isEmpty()) {
      return;
    }
    if (reading) {
      changedWhileReading.add(change.job());
    }
    follow(change.job());
  }

  private void refresh() {
    if (System.nanoTime() - readAt >= KEPT_NANOS) {
      read();
    }
  }

  /** Not while holding the lock: those who wait for it may have the connection that this needs. */
  private void read() {
    synchronized (this) {
      if (reading) {
        return;
      }
      reading = true;
    }
    List<Place> read = null;
    try {
      read = jobs.waiting();
    } finally {
      synchronized (this) {
        if (read != null) {
          waiting = new ArrayList<>(read);
          readAt = System.nanoTime();
          changedWhileReading.forEach(this::follow);
        }
        changedWhileReading.clear();
        reading = false;
      }
    }
  }

  private void follow(Job job) {
    int found = Collections.binarySearch(waiting, Place.of(job));
    boolean waits = job.state() == JobState.QUEUED;
    if (waits && found < 0) {
      waiting.add(-found - 1, Place.of(job));
    } else if (!waits && found >= 0) {
      waiting.remove(found);
    }
  }
}
