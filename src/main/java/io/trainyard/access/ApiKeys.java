package io.trainyard.access;

import io.trainyard.shared.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The configured keys, by their digests. */
final class ApiKeys {
  private final List<Known> keys;

  private static final class Known {
    final byte[] digest;
    final Caller caller;

    Known(byte[] digest, Caller caller) {
      this.digest = digest;
      this.caller = caller;
    }
  }

  ApiKeys(Map<String, AccessProperties.Key> configured) {
    keys =
        configured.values().stream()
            .map(
                key ->
                    new Known(
                        HexFormat.of().parseHex(Objects.requireNonNull(key.sha256())),
                        new Caller(Objects.requireNonNull(key.owner()), key.role())))
            .toList();
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Takes as long for every key, known or not. */
  @Nullable Caller find(String key) {
    byte[] digest = Digests.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
    Caller found = null;
    for (Known known : keys) {
      if (MessageDigest.isEqual(known.digest, digest)) {
        found = known.caller;
      }
    }
    return found;
  }
}
