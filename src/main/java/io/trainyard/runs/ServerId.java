package io.trainyard.runs;

import io.trainyard.artifacts.ServerDirectory;
import io.trainyard.shared.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Who holds a lease. It is kept in the server's directory, so that a server that starts again knows
 * which jobs its former self left behind and need not wait for their leases to run out. A name of
 * its own, {@code trainyard.server-id}, replaces it.
 */
@Component
class ServerId {
  private static final int LENGTH = 40;

  private final String id;

  ServerId(ServerDirectory directory, @Value("${trainyard.server-id:}") String configured)
      throws IOException {
    if (!configured.isBlank()) {
      this.id = Digests.sha256(configured).substring(0, LENGTH);
      return;
    }
    Path file = directory.path().resolve("server-id");
    if (!Files.exists(file)) {
      Files.writeString(file, UUID.randomUUID().toString());
    }
    this.id = Files.readString(file).strip();
  }

  String value() {
    return id;
  }
}
