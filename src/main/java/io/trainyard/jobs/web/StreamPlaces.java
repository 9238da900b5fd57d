package io.trainyard.jobs.web;

import io.trainyard.shared.Problem;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How many streams may be open at a time: of each client, and of all together. */
final class StreamPlaces {
  private final int most;
  private final int mostOfClient;
  private final AtomicInteger taken = new AtomicInteger();
  private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

  StreamPlaces(int most, int mostOfClient) {
    this.most = most;
    this.mostOfClient = mostOfClient;
  }

  /** One stream's place, until it is given back; more than once does nothing. */
  final class Place {
    private final String client;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Place(String client) {
      this.client = client;
    }

    void giveBack() {
      if (held.compareAndSet(true, false)) {
        leave(client);
        taken.decrementAndGet();
      }
    }
  }

  /**
   * Takes a place.
   *
   * @throws Problem of kind TOO_MANY_REQUESTS if the client has its streams, UNAVAILABLE if the
   *     server has
   */
  Place take(String client) {
    if (byClient.merge(client, 1, Integer::sum) > mostOfClient) {
      leave(client);
      throw new Problem(
          Problem.Kind.TOO_MANY_REQUESTS,
          "the client has "
              + mostOfClient
              + " streams open already (trainyard.limits.streams-per-client)");
    }
    if (taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      leave(client);
      throw new Problem(
          Problem.Kind.UNAVAILABLE,
          most + " streams are open on this server already (trainyard.limits.streams)");
    }
    return new Place(client);
  }

  private void leave(String client) {
    byClient.computeIfPresent(client, (name, open) -> open == 1 ? null : open - 1);
  }
}
