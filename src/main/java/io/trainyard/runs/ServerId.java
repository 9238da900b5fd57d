package io.trainyard.runs;

import io.trainyard.artifacts.ServerDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Who holds a lease. It is kept in the server's directory, so that a server that starts again knows
 * which jobs its former self left behind and need not wait for their leases to run out.
 */
@Component
class ServerId {
  private final String id;

  ServerId(ServerDirectory directory) throws IOException {
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
