package io.trainyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The reference says what the registry and the contract say. */
class ReferenceTest {
  @Test
  void theReferenceIsWhatTheRegistrySays() throws Exception {
    String page = ReferencePage.make();
    if (Boolean.getBoolean(ReferencePage.WRITE)) {
      Files.writeString(ReferencePage.FILE, page);
    }

    assertThat(Files.readString(ReferencePage.FILE))
        .as("write it anew: mvn test -Dtest=ReferenceTest -D%s=true", ReferencePage.WRITE)
        .isEqualTo(page);
  }
}
