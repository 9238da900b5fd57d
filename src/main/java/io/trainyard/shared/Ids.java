package io.trainyard.shared;

import java.security.SecureRandom;
import java.time.Clock;

/**
 * Ids that carry their kind and sort by the time they were made: {@code job_} and 26 characters of
 * Crockford's base 32 (48 bits of milliseconds, 80 random bits, as in a ULID).
 */
public final class Ids {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private long lastMillis;
  private final byte[] tail = new byte[10];

  public Ids(Clock clock) {
    this.clock = clock;
  }

  /** A new id; one made later by this instance sorts after it. */
  public synchronized String next(String kind) {
    long now = clock.millis();
    if (now > lastMillis) {
      lastMillis = now;
      random.nextBytes(tail);
      tail[0] &= 0x7f; // room to count up within a millisecond
    } else {
      increment();
    }
    StringBuilder id = new StringBuilder(kind).append('_');
    for (int shift = 45; shift >= 0; shift -= 5) {
      id.append(ALPHABET.charAt((int) (lastMillis >>> shift) & 31));
    }
    for (int bit = 0; bit < 80; bit += 5) {
      id.append(ALPHABET.charAt(bits(bit)));
    }
    return id.toString();
  }

  private int bits(int from) {
    int value = 0;
    for (int bit = from; bit < from + 5; bit++) {
      value = value << 1 | (tail[bit / 8] >> (7 - bit % 8) & 1);
    }
    return value;
  }

  private void increment() {
    for (int i = tail.length - 1; i >= 0; i--) {
      if (++tail[i] != 0) {
        return;
      }
    }
  }
}
