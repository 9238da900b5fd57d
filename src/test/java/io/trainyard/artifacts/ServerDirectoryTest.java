package io.trainyard.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that share a home do not share what is their own. */
class ServerDirectoryTest {

  @Test
  void eachServerHasItsOwnDirectoryAndTheNextOneTakesWhatIsLeft(@TempDir Path home)
      throws IOException {
    ServerDirectory first = new ServerDirectory(home);
    ServerDirectory second = new ServerDirectory(home);
    assertThat(second.path()).isNotEqualTo(first.path()).isDirectory();

    first.destroy();
    ServerDirectory next = new ServerDirectory(home);

    assertThat(next.path()).as("what the first left behind").isEqualTo(first.path());
    next.destroy();
    second.destroy();
  }
}
